// Trains on the videos that your own file names: here a CSV file of lines 'path,label'.
using Tclr;
using Tclr.Data;

string csv = args.Length > 0 ? args[0] : "videos.csv";
string folder = Path.GetDirectoryName(Path.GetFullPath(csv))!;
var lines = File.ReadLines(csv).Select(line => line.Split(',')).ToList();

// Items may come from anywhere: a database, a service, another format of annotations.
string[] classes = [.. lines.Select(line => line[1]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
var items = lines.Select(line => new VideoItem(Path.Combine(folder, line[0]), line[1], Array.IndexOf(classes, line[1])));
var dataset = new VideoDataset("my videos", [.. items], classes);

// The scan opens each video once, leaves out the faulty ones, and keeps what it found in a file.
var recipe = TclrRecipes.Tiny() with { BatchSize = 4, Steps = 10 };
var videos = await VideoIndex.ScanAsync(dataset, new VideoIndexOptions
{
    MinimumFrames = recipe.Clips.CreateSampler().MinimumFrames,
    CachePath = "videos.index",
});
Console.WriteLine($"{videos.Items.Count} videos of {classes.Length} classes, {videos.Faulty.Count} faulty");
foreach (var faulty in videos.Faulty)
{
    Console.WriteLine($"  {faulty.Path}: {faulty.Reason}");
}

using var trainer = new TclrTrainerBuilder().UseRecipe(recipe).FromVideos(videos, recipe).Build();
var result = await trainer.TrainAsync();
Console.WriteLine($"loss {result.Epochs[^1].Loss:0.00}");
