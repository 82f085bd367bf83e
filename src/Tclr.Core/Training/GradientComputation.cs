using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Adds the gradients of one batch to the parameters, in one graph or by gradient caching.</summary>
/// <remarks>
/// Gradient caching (Gao et al., "Scaling deep contrastive learning batch size under memory limited setup", 2021): all embeddings are
/// computed without a graph, the loss gives its gradient at the embeddings, and each pass is computed once more with a graph that
/// takes its share of that gradient. So only one pass is held at a time.
/// </remarks>
internal sealed class GradientComputation(
    IVideoEncoder encoder, IProjectionHead head, ITemporalContrastiveLoss objective, BatchStatistics statistics, bool cached, ScalarType? type)
{
    /// <summary>Runs a batch forward and backward.</summary>
    /// <param name="clips">Clips <c>[B, views, C, T, H, W]</c> on the device.</param>
    /// <param name="layout">How the views are arranged.</param>
    /// <param name="videosPerPass">Videos in a pass, or <see langword="null"/> for all.</param>
    /// <param name="scale">Factor of the loss.</param>
    /// <param name="randomness">The batch's random numbers.</param>
    /// <returns>The values of the step on the device; the caller owns them.</returns>
    public BatchValues Run(Tensor clips, ViewLayout layout, int? videosPerPass, double scale, StepRandomness randomness)
    {
        using var scope = NewDisposeScope();
        var passes = EmbeddingPasses.Plan(layout, clips.shape[0], statistics, videosPerPass);
        return (cached ? Cached(clips, layout, passes, scale, randomness) : InOneGraph(clips, layout, passes, scale, randomness)).MoveToOuterDisposeScope();
    }

    private BatchValues InOneGraph(Tensor clips, ViewLayout layout, IReadOnlyList<EmbeddingPass> passes, double scale, StepRandomness randomness)
    {
        var parts = passes.Select((pass, i) => Pass(clips, layout, pass, i, randomness)).ToList();
        return Backward(passes, parts, layout, scale);
    }

    private BatchValues Cached(Tensor clips, ViewLayout layout, IReadOnlyList<EmbeddingPass> passes, double scale, StepRandomness randomness)
    {
        var leaves = WithoutGraph(clips, layout, passes, randomness);
        var values = Backward(passes, leaves, layout, scale);
        for (int i = 0; i < passes.Count; i++)
        {
            using var scope = NewDisposeScope();
            var again = Pass(clips, layout, passes[i], i, randomness);
            var share = again.All.Zip(leaves[i].All)
                .Where(pair => pair.Second.grad is not null)
                .Select(pair => (pair.First * pair.Second.grad!).sum())
                .Aggregate((Tensor?)null, (sum, part) => sum is null ? part : sum + part);
            share?.backward();
        }

        return values;
    }

    // The second computation of a pass updates the running statistics; so the first must not.
    private List<PassEmbeddings> WithoutGraph(Tensor clips, ViewLayout layout, IReadOnlyList<EmbeddingPass> passes, StepRandomness randomness)
    {
        using var unrecorded = no_grad();
        using var before = new BufferBackup(encoder.Network, head.Network);
        var leaves = new List<PassEmbeddings>();
        for (int i = 0; i < passes.Count; i++)
        {
            var part = Pass(clips, layout, passes[i], i, randomness);
            leaves.Add(new PassEmbeddings(part.Whole.detach().requires_grad_(true), part.Slices?.detach().requires_grad_(true)));
        }

        before.Restore();
        return leaves;
    }

    private PassEmbeddings Pass(Tensor clips, ViewLayout layout, EmbeddingPass pass, int index, StepRandomness randomness)
    {
        randomness.Begin(index);
        return EmbeddingPasses.Run(encoder, head, clips, layout, statistics, pass, type);
    }

    private BatchValues Backward(IReadOnlyList<EmbeddingPass> passes, IReadOnlyList<PassEmbeddings> parts, ViewLayout layout, double scale)
    {
        var embeddings = EmbeddingPasses.Join(passes, parts, layout);
        var loss = objective.Compute(embeddings);
        (scale == 1 ? loss.Total : loss.Total * scale).backward();
        return BatchValues.Of(loss, embeddings);
    }
}
