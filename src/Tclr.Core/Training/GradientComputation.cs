using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Adds the gradients of one batch to the parameters, in one graph or by gradient caching.</summary>
/// <remarks>
/// Gradient caching (Gao et al., "Scaling deep contrastive learning batch size under memory limited setup", 2021): all embeddings are
/// computed without a graph, the loss gives its gradient at the embeddings, and each pass is computed once more with a graph that
/// takes its share of that gradient. So only one pass is held at a time. The last one is computed with its graph at once, which saves
/// computing it again.
/// </remarks>
internal sealed class GradientComputation(
    IVideoEncoder encoder, IProjectionHead head, ITemporalContrastiveLoss objective, BatchNormScope statistics, bool cached, ScalarType? type)
{
    /// <summary>Runs a batch forward and backward.</summary>
    /// <param name="clips">Clips <c>[views, B, C, T, H, W]</c> on the device.</param>
    /// <param name="layout">How the views are arranged.</param>
    /// <param name="videosPerPass">Videos in a pass, or <see langword="null"/> for all.</param>
    /// <param name="scale">Factor of the loss.</param>
    /// <param name="randomness">The batch's random numbers.</param>
    /// <returns>The values of the step on the device; the caller owns them.</returns>
    public BatchValues Run(Tensor clips, ViewLayout layout, int? videosPerPass, double scale, StepRandomness randomness)
    {
        using var scope = NewDisposeScope();
        var passes = EmbeddingPasses.Plan(layout, clips.shape[1], statistics, videosPerPass);
        return (cached ? Cached(clips, layout, passes, scale, randomness) : InOneGraph(clips, layout, passes, scale, randomness)).MoveToOuterDisposeScope();
    }

    private BatchValues InOneGraph(Tensor clips, ViewLayout layout, IReadOnlyList<EmbeddingPass> passes, double scale, StepRandomness randomness)
    {
        var parts = passes.Select((pass, i) => Pass(clips, layout, pass, i, randomness)).ToList();
        return Backward(passes, parts, layout, scale);
    }

    private BatchValues Cached(Tensor clips, ViewLayout layout, IReadOnlyList<EmbeddingPass> passes, double scale, StepRandomness randomness)
    {
        // The first computation of a pass updates the running statistics, in the order of the passes; so the second must not.
        int last = passes.Count - 1;
        var leaves = WithoutGraph(clips, layout, passes.Take(last), randomness);
        BatchValues values;
        using var statisticsNow = Hold();
        for (int i = 0; i < last; i++)
        {
            using var scope = NewDisposeScope();
            TakeShare(Pass(clips, layout, passes[i], i, randomness), leaves[i]);
        }

        statisticsNow.Restore();
        return values;

        // The last pass and the loss; its graph is gone before the next pass has one.
        BufferBackup Hold()
        {
            using var graph = NewDisposeScope();
            var held = Pass(clips, layout, passes[last], last, randomness);
            leaves.Add(Leaf(held).MoveToOuterDisposeScope());
            var backup = new BufferBackup(encoder.Network, head.Network);
            values = Backward(passes, leaves, layout, scale).MoveToOuterDisposeScope();
            TakeShare(held, leaves[last]);
            return backup;
        }
    }

    // Hands the gradient at the embeddings on to the weights.
    private static void TakeShare(PassEmbeddings pass, PassEmbeddings leaf)
    {
        var (embeddings, shares) = (new List<Tensor>(), new List<Tensor>());
        foreach (var (embedding, at) in pass.All.Zip(leaf.All))
        {
            if (at.grad is { } share)
            {
                embeddings.Add(embedding);
                shares.Add(share);
            }
        }

        if (embeddings.Count > 0)
        {
            autograd.backward(embeddings, shares);
        }
    }

    private static PassEmbeddings Leaf(PassEmbeddings pass) => new(pass.Whole.detach().requires_grad_(true), pass.Slices?.detach().requires_grad_(true));

    private List<PassEmbeddings> WithoutGraph(Tensor clips, ViewLayout layout, IEnumerable<EmbeddingPass> passes, StepRandomness randomness)
    {
        using var unrecorded = no_grad();
        return [.. passes.Select((pass, i) => Leaf(Pass(clips, layout, pass, i, randomness)))];
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

/// <summary>
/// Seeds torch's generator before each pass, so that dropout and the like depend on seed, step and pass alone: a resumed run draws what
/// the first would have, and a pass that is computed twice draws the same twice.
/// </summary>
internal readonly record struct StepRandomness(ulong Seed, long Step, int Batch)
{
    public void Begin(int pass) => manual_seed(unchecked((long)(CounterRandom.For(Seed, (ulong)Step, (ulong)Batch, (ulong)pass).NextUInt64() >> 1)));
}
