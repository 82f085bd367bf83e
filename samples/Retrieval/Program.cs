// Finds the videos most similar to each video, and how often they share its class. Arguments: a run (of TenLines) and a folder of videos.
using Tclr;
using Tclr.Data;
using Tclr.Evaluation;

string run = args.Length > 0 ? args[0] : "ten-lines", folder = args.Length > 1 ? args[1] : "videos";
using var pretrained = PretrainedEncoder.Load(run);
var all = await VideoIndex.ScanAsync(VideoDatasets.Folder(folder));

// Every second video of a class is a query, the others are the gallery.
var queryItems = all.Items.GroupBy(item => item.ClassIndex).SelectMany(items => items.Where((_, i) => i % 2 == 1)).ToHashSet();
var gallery = all.Where(item => !queryItems.Contains(item));
var queries = all.Where(queryItems.Contains);

// Features in a file: a stopped extraction resumes, and the next start reads them.
var extractor = new FeatureExtractor(pretrained.Encoder, FeaturePooling.Timesteps);
using var galleryFeatures = await extractor.ExtractAsync(pretrained.CreateClips(gallery, clips: 4), "gallery.features");
using var queryFeatures = await extractor.ExtractAsync(pretrained.CreateClips(queries, clips: 4), "queries.features");

var found = Retrieval.Evaluate(
    queryFeatures, [.. queries.Items.Select(item => item.ClassIndex)],
    galleryFeatures, [.. gallery.Items.Select(item => item.ClassIndex)],
    new RetrievalOptions { Neighbors = [1, 2] });

for (int query = 0; query < queries.Items.Count; query++)
{
    int nearest = found.NeighborsOf(query)[0];
    Console.WriteLine($"{queries.Items[query].Path} -> {gallery.Items[nearest].Path} (cosine {found.SimilaritiesOf(query)[0]:0.000})");
}

Console.WriteLine($"R@1 {found.RecallAt(1):0.0 %}, R@2 {found.RecallAt(2):0.0 %}");
