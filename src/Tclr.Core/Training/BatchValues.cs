using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>The metrics of a batch, still on the device.</summary>
/// <param name="Names">Names of the metrics: the loss, its terms, and two measures of the embeddings.</param>
/// <param name="Values">The metrics <c>[names]</c>.</param>
internal readonly record struct BatchValues(IReadOnlyList<string> Names, Tensor Values)
{
    public static BatchValues Of(LossResult loss, TemporalEmbeddings embeddings)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        List<(string Name, Tensor Value)> all =
        [
            (MetricNames.Loss, loss.Total.detach()),
            .. loss.Terms.Select(term => (term.Name, term.Value)),
            (MetricNames.EmbeddingDeviation, Deviation(embeddings.GlobalPooled)),
        ];
        if (embeddings.GlobalSlices is { } slices && slices.shape[2] > 1)
        {
            all.Add((MetricNames.TemporalSimilarity, Similarity(slices)));
        }

        return new BatchValues(
            all.ConvertAll(entry => entry.Name),
            stack(all.Select(entry => HostTransfer.ToDevice(entry.Value.to(ScalarType.Float64), loss.Total.device))).MoveToOuterDisposeScope());
    }

    /// <summary>The metrics with one more.</summary>
    public BatchValues With(string name, Tensor value) => new([.. Names, name], cat([Values, value.to(Values.dtype).reshape(1)], 0));

    public BatchValues MoveToOuterDisposeScope() => new(Names, Values.MoveToOuterDisposeScope());

    // 1 where unit vectors spread evenly over all directions, 0 where all are the same.
    private static Tensor Deviation(Tensor pooled)
    {
        var rows = pooled.detach().reshape(-1, pooled.shape[^1]);
        var variance = (rows * rows).mean([0]) - rows.mean([0]).pow(2);
        return variance.clamp(min: 0).sqrt().mean() * Math.Sqrt(rows.shape[1]);
    }

    // The mean cosine of two different timesteps of a clip: |sum|^2 = T + sum over the pairs.
    private static Tensor Similarity(Tensor slices)
    {
        long t = slices.shape[2];
        var sums = slices.detach().sum(2);
        return ((sums * sums).sum(-1).mean() - (double)t) / (double)(t * (t - 1));
    }
}
