// Pretrains a small 3D CNN on a folder of videos.
using Tclr;
using Tclr.Data;

var videos = await VideoIndex.ScanAsync(VideoDatasets.Folder(args.Length > 0 ? args[0] : "videos"));
var recipe = TclrRecipes.Tiny() with { BatchSize = 4, Steps = 20 };
using var trainer = new TclrTrainerBuilder().UseRecipe(recipe).FromVideos(videos, recipe).SaveTo("ten-lines").Build();
var result = await trainer.TrainAsync();
Console.WriteLine($"loss {result.Epochs[0].Loss:0.00} -> {result.Epochs[^1].Loss:0.00}, checkpoint {result.Checkpoint}");
