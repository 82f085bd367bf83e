// Adds a loss term of your own to TCLR's: the uniformity loss of Wang and Isola (2020).
using Tclr;
using Tclr.Core;
using Tclr.Data;
using static TorchSharp.torch;

var videos = await VideoIndex.ScanAsync(VideoDatasets.Folder(args.Length > 0 ? args[0] : "videos"));
var recipe = TclrRecipes.Tiny() with { BatchSize = 4, Steps = 10 };
using var trainer = new TclrTrainerBuilder()
    .UseRecipe(recipe)
    .AddLoss(new UniformityLoss(scale: 2), weight: 0.1)
    .FromVideos(videos, recipe)
    .Build();
await foreach (var epoch in trainer.TrainEpochsAsync())
{
    Console.WriteLine($"epoch {epoch.Epoch}: {string.Join(", ", epoch.Terms.Select(term => $"{term.Key} {term.Value:0.000}"))}");
}

/// <summary>log E[exp(-t |x - y|^2)] over all pairs of a batch: low where embeddings are spread evenly over the sphere.</summary>
internal sealed class UniformityLoss(double scale) : ITemporalContrastiveLoss
{
    public LossResult Compute(TemporalEmbeddings embeddings)
    {
        // The scope disposes what the computation leaves behind; the result is taken out of it.
        using var scope = NewDisposeScope();
        var z = embeddings.GlobalPooled.flatten(0, 1);                           // [V, B, D] -> [V*B, D], unit vectors
        var distances = 2 - (2 * z.mm(z.t()));                               // squared distances
        var others = eye(z.shape[0], dtype: ScalarType.Bool, device: z.device).logical_not();
        var total = (-scale * distances.masked_select(others)).exp().mean().log().MoveToOuterDisposeScope();
        return new LossResult(total, [("uniformity", total.detach().MoveToOuterDisposeScope())]);
    }
}
