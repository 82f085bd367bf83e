// Pretrains a network of your own, named in the recipe so that checkpoints say how to build it again.
using Tclr;
using Tclr.Core;
using Tclr.Data;
using Tclr.Models;
using static TorchSharp.torch;

RecipeRegistry.Default.Add<MyEncoder>("my_encoder");
var videos = await VideoIndex.ScanAsync(VideoDatasets.Folder(args.Length > 0 ? args[0] : "videos"));
var recipe = TclrRecipes.Tiny() with { Name = "mine", Encoder = new MyEncoder(Width: 32), BatchSize = 4, Steps = 10 };
using (var trainer = new TclrTrainerBuilder().UseRecipe(recipe).FromVideos(videos, recipe).SaveTo("own-encoder").Build())
{
    var result = await trainer.TrainAsync();
    Console.WriteLine($"loss {result.Epochs[^1].Loss:0.00}");
}

// The checkpoint has the recipe, and the recipe makes the network.
using var pretrained = PretrainedEncoder.Load("own-encoder");
Console.WriteLine($"{RecipeRegistry.Default.NameOf(pretrained.Recipe.Encoder)}: {pretrained.Encoder.FeatureDimension} features");

/// <summary>A small 3D CNN: clips [N, 3, 8, 32, 32] to a feature map [N, 2*Width, 4, 8, 8].</summary>
internal sealed record MyEncoder(int Width) : EncoderRecipe
{
    // TCLR matches each local clip with a timestep, so the map keeps 4 of them.
    public override IVideoEncoder Create() => VideoEncoders.From(
        nn.Sequential(
            nn.Conv3d(3, Width, (3, 5, 5), stride: (1, 2, 2), padding: (1, 2, 2)), nn.BatchNorm3d(Width), nn.ReLU(),
            nn.Conv3d(Width, 2 * Width, 3, stride: 2, padding: 1), nn.BatchNorm3d(2 * Width), nn.ReLU()),
        features: 2 * Width);
}
