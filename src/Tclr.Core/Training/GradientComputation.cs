using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Adds the gradients of one batch to the parameters, in one graph or by gradient caching.</summary>
/// <remarks>
/// Gradient caching (Gao et al., "Scaling deep contrastive learning batch size under memory limited setup", 2021): all embeddings are
/// computed without a graph, the loss gives its gradient at the embeddings, and each pass is computed again with a graph, through
/// which its share of that gradient flows back. So only one pass is in memory at a time. The last pass is computed with its graph at once,
/// and not a second time.
/// </remarks>
/// <param name="branch">The trained networks.</param>
/// <param name="momentum">The networks of the momentum encoder, if there is one.</param>
/// <param name="objective">The loss.</param>
/// <param name="configuration">The passes, and whether gradients are cached.</param>
/// <param name="statistics">Records the passes of the trained networks and of the momentum encoder, where there are several ranks.</param>
internal sealed class GradientComputation(
    Branch branch, Branch? momentum, ITemporalContrastiveLoss objective, TrainerConfiguration configuration, (RunningStatistics? Trained, RunningStatistics? Momentum) statistics = default)
{
    private readonly ICollective collective = configuration.Collective;

    /// <summary>Runs a batch forward and backward.</summary>
    /// <param name="clips">Clips <c>[views, B, C, T, H, W]</c> on the device; of the videos of this rank.</param>
    /// <param name="layout">How the views are arranged.</param>
    /// <param name="videosPerPass">Videos in a pass, or <see langword="null"/> for all.</param>
    /// <param name="scale">Factor of the loss.</param>
    /// <param name="randomness">The batch's random numbers.</param>
    /// <returns>The values of the step on the device; the caller owns them.</returns>
    public BatchValues Run(Tensor clips, ViewLayout layout, int? videosPerPass, double scale, StepRandomness randomness)
    {
        using var scope = NewDisposeScope();
        var plan = configuration.PlanFor(layout);
        long videos = clips.shape[1];
        var orders = plan.ShuffledViews.Index()
            .Select(view => new SegmentOrder(view.Item.Segments, videos * collective.Size, randomness.OfShuffle(view.Index), collective.Rank * videos)).ToList();
        var batch = new Batch(
            new EmbeddingPasses(clips, layout, plan, configuration.BatchNormScope == BatchNormScope.PerView, orders), videosPerPass, scale, randomness, collective);
        return (configuration.GradientCaching ? Cached(batch, Keys(batch)) : InOneGraph(batch, Keys(batch))).MoveToOuterDisposeScope();
    }

    private TemporalEmbeddings? Keys(Batch batch)
    {
        if (momentum is null || batch.KeyPasses.Count == 0)
        {
            return null;
        }

        using var unrecorded = no_grad();
        return batch.Embeddings.Join(batch.KeyPasses, [.. batch.KeyPasses.Select((pass, i) =>
        {
            var embeddings = Pass(momentum, batch, pass, batch.Passes.Count + i);
            statistics.Momentum?.Record(batch.RankPassOf(batch.KeyPasses, i));
            return embeddings;
        })]);
    }

    private BatchValues InOneGraph(Batch batch, TemporalEmbeddings? keys)
        => Backward(batch, [.. batch.Passes.Select((_, i) => FirstPass(batch, i))], keys);

    private BatchValues Cached(Batch batch, TemporalEmbeddings? keys)
    {
        // The first computation of a pass updates the running statistics, in the order of the passes; the second must not.
        int last = batch.Passes.Count - 1;
        var leaves = WithoutGraph(batch, last);
        BatchValues values;
        using var statisticsNow = Hold();
        for (int i = 0; i < last; i++)
        {
            using var scope = NewDisposeScope();
            TakeShare(Pass(branch, batch, batch.Passes[i], i), leaves[i]);
        }

        statisticsNow.Restore();
        return values;

        // The last pass and the loss; its graph is gone before the next pass has one.
        BufferBackup Hold()
        {
            using var graph = NewDisposeScope();
            var held = FirstPass(batch, last);
            leaves.Add(held.Leaves().MoveToOuterDisposeScope());
            var backup = new BufferBackup(branch.Networks);
            values = Backward(batch, leaves, keys).MoveToOuterDisposeScope();
            TakeShare(held, leaves[last]);
            return backup;
        }
    }

    // Propagates the gradient from the embeddings to the weights.
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

    private List<PassEmbeddings> WithoutGraph(Batch batch, int count)
    {
        using var unrecorded = no_grad();
        return [.. batch.Passes.Take(count).Select((_, i) => FirstPass(batch, i).Leaves())];
    }

    private PassEmbeddings FirstPass(Batch batch, int index)
    {
        var embeddings = Pass(branch, batch, batch.Passes[index], index);
        statistics.Trained?.Record(batch.RankPassOf(batch.Passes, index));
        return embeddings;
    }

    private static PassEmbeddings Pass(Branch networks, Batch batch, EmbeddingPass pass, int index)
    {
        using var held = FinalizerGate.Hold();
        batch.Randomness.Begin(batch.PlaceOf(index));
        return batch.Embeddings.Run(networks, pass);
    }

    private BatchValues Backward(Batch batch, IReadOnlyList<PassEmbeddings> parts, TemporalEmbeddings? keys)
    {
        using var held = FinalizerGate.Hold();
        var embeddings = batch.Embeddings.Join(batch.Passes, parts, keys);
        if (collective.Size > 1)
        {
            return BackwardOfAll(batch, new EmbeddingExchange(collective, embeddings));
        }

        var loss = objective.Compute(embeddings);
        Backward(loss, batch.Scale);
        return BatchValues.Of(loss, embeddings);
    }

    private BatchValues BackwardOfAll(Batch batch, EmbeddingExchange exchange)
    {
        bool shared = exchange.All.GlobalPooled.shape[1] >= configuration.ShareLossFrom;
        var share = shared ? objective.ComputeShare(exchange.All, collective.Rank, collective.Size) : null;
        var loss = share ?? objective.Compute(exchange.All);
        Backward(loss, batch.Scale);
        exchange.Backward(partial: share is not null);
        return BatchValues.Of(share is null ? loss : Sum(share), exchange.All);
    }

    private static void Backward(LossResult loss, double scale) => (scale == 1 ? loss.Total : loss.Total * scale).backward();

    // The loss of all ranks.
    private LossResult Sum(LossResult share)
    {
        using var unrecorded = no_grad();
        var type = share.Total.dtype;
        var values = stack([share.Total.detach(), .. share.Terms.Select(term => HostTransfer.ToDevice(term.Value.to(type), share.Total.device))]).to(ScalarType.Float64);
        collective.AllReduce(values);
        return new LossResult(values[0], [.. share.Terms.Select((term, i) => (term.Name, values[i + 1]))]);
    }

    private sealed record Batch(EmbeddingPasses Embeddings, int? VideosPerPass, double Scale, StepRandomness Randomness, ICollective Collective)
    {
        public IReadOnlyList<EmbeddingPass> Passes { get; } = Embeddings.Of(momentum: false, VideosPerPass);

        public IReadOnlyList<EmbeddingPass> KeyPasses { get; } = Embeddings.Of(momentum: true, VideosPerPass);

        /// <summary>Where a pass is in the order of a single process: the trained passes, then those of the keys, each by views, rank and videos.</summary>
        public int PlaceOf(int index)
        {
            bool isKey = index >= Passes.Count;
            var pass = isKey ? RankPassOf(KeyPasses, index - Passes.Count) : RankPassOf(Passes, index);
            int first = isKey ? Passes.Count * Collective.Size : 0;
            return first + (((pass.Group * Collective.Size) + Collective.Rank) * pass.Chunks) + pass.Chunk;
        }

        public RankPass RankPassOf(IReadOnlyList<EmbeddingPass> passes, int index)
        {
            int chunks = passes.Count(pass => ReferenceEquals(pass.Views, passes[0].Views));
            return new RankPass(Randomness.Batch, index / chunks, index % chunks, chunks);
        }
    }
}

/// <summary>
/// Seeds torch's generator before each pass, so that dropout and the like depend on seed, step and pass alone: a resumed run draws what
/// the first would have, and a pass that is computed twice draws the same twice.
/// </summary>
internal readonly record struct StepRandomness(ulong Seed, long Step, int Batch)
{
    private const ulong Shuffles = 1UL << 32;

    public void Begin(int pass) => manual_seed(unchecked((long)(CounterRandom.For(Seed, (ulong)Step, (ulong)Batch, (ulong)pass).NextUInt64() >> 1)));

    /// <summary>The random numbers of a shuffled view.</summary>
    public CounterRandom OfShuffle(int view) => CounterRandom.For(Seed, (ulong)Step, (ulong)Batch, Shuffles + (ulong)view);
}
