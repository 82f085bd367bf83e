// Loads weights that others published as PyTorch files, and computes features of a folder of videos.
// Arguments: a .pth file of R3D-18 (for instance of the TCLR authors) and a folder of videos.
using Tclr;
using Tclr.Data;
using Tclr.Evaluation;
using Tclr.Weights;

string file = args.Length > 0 ? args[0] : "model_best.pth", folder = args.Length > 1 ? args[1] : "videos";

// What is in the file; reading it runs no code of the file.
using (var weights = WeightFile.Open(file))
{
    Console.WriteLine($"{weights.Format}: {weights.Tensors.Count} tensors");
}

// A file of weights does not say how its network is built and how it expects videos: name both.
// Prefixes such as 'module.encoder_q.' are found; other names are mapped by PretrainedEncoderOptions.Weights.
using var pretrained = PretrainedEncoder.Load(file, new()
{
    Encoder = EncoderRecipe.Of("r3d18"),
    Clips = ClipRecipe.TclrReference,                   // BGR, values from 0 to 1, 16 frames of 112x112
});
Console.WriteLine(pretrained.Weights);

var videos = await VideoIndex.ScanAsync(VideoDatasets.Folder(folder));
using var features = await new FeatureExtractor(pretrained.Encoder).ExtractAsync(pretrained.CreateClips(videos, clips: 1));
Console.WriteLine($"features [{string.Join(", ", features.Values.shape)}]");

// The same network as safetensors, for other programs.
ModelWeights.Save(pretrained.Encoder.Network, "encoder.safetensors");
