using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Kernels.Batched;

/// <summary>NT-Xent of many pairs of views at once, with its gradient.</summary>
/// <remarks>
/// The <c>2N</c> rows <c>U</c> of a pair have the similarities <c>S = U U'</c>. With <c>P</c> the softmax along the rows of
/// <c>S</c>, self left out, less 1 at the positives, the gradient of the sum of the cross-entropies is <c>(P + P') U</c>.
/// </remarks>
internal sealed class PairContrasts : IDisposable
{
    // Elements of the similarities that are held at once; a CPU keeps them in its cache.
    private const long CpuElements = 1 << 21;
    private const long DeviceElements = 1 << 28;

    private readonly IReadOnlyList<PairTerm> terms;
    private readonly long anchorViews;
    private readonly Tensor slots;
    private readonly Tensor weights;

    /// <summary>Prepares the terms.</summary>
    /// <param name="terms">The terms, one or more.</param>
    /// <param name="anchorViews">2 where the rows of both views of a pair are anchors, 1 for those of the first.</param>
    /// <param name="views">Number of stacked views.</param>
    /// <param name="scale">The rows are multiplied by it: the square root of 1 over the temperature.</param>
    /// <param name="type">Type of the rows.</param>
    /// <param name="device">Where they are.</param>
    public PairContrasts(IReadOnlyList<PairTerm> terms, long anchorViews, long views, double scale, ScalarType type, Device device)
    {
        this.terms = terms;
        this.anchorViews = anchorViews;
        long[] places = [.. terms.SelectMany(term => term.Pairs).SelectMany(pair => (long[])[pair.First, pair.Second])];
        double[] factors = [.. terms.SelectMany(term => term.Pairs.SelectMany(_ => Enumerable.Repeat(term.PerAnchor * term.Weight * scale, 2)))];
        double[,] sums = new double[views, places.Length];
        for (int place = 0; place < places.Length; place++)
        {
            sums[places[place], place] = factors[place];
        }

        slots = tensor(places, device: device).DetachFromDisposeScope();
        weights = tensor(sums, type, device).DetachFromDisposeScope();
    }

    /// <summary>Adds the log-probabilities of the positives to the sums of the terms, and the gradient.</summary>
    /// <param name="rows">The stacked views <c>[K, N, D]</c>, multiplied by the scale.</param>
    /// <param name="sums">Takes the parts of the sum of each term.</param>
    /// <param name="wantsGradient">Whether to compute the gradient.</param>
    /// <returns>The gradient <c>[K, N * D]</c> with respect to the rows before they were scaled, if wanted.</returns>
    public Tensor? Compute(Tensor rows, List<Tensor>[] sums, bool wantsGradient)
    {
        long n = rows.shape[1], pairs = slots.shape[0] / 2, limit = rows.device_type == DeviceType.CPU ? CpuElements : DeviceElements;
        long perPair = anchorViews * n * 2 * n, step = Math.Clamp(limit / perPair, 1, pairs);
        Tensor? gradient = null;
        for (long first = 0; first < pairs; first += step)
        {
            long count = Math.Min(step, pairs - first);
            using var inner = NewDisposeScope();
            var pair = rows.index_select(0, slots.narrow(0, 2 * first, 2 * count)).view(count, 2 * n, -1);
            Tensor? slope = null;
            foreach (var (start, anchors) in perPair <= limit ? [(0, anchorViews * n)] : Chunks(n, Math.Max(1, limit / (2 * n))))
            {
                slope = Anchors(pair, start, anchors, slope, first, sums, wantsGradient);
            }

            if (slope is not null)
            {
                var part = slope.view(2 * count, -1);
                var factors = weights.narrow(1, 2 * first, 2 * count);
                if (gradient is null)
                {
                    gradient = factors.mm(part).MoveToOuterDisposeScope();
                }
                else
                {
                    gradient.addmm_(factors, part);
                }
            }
        }

        return gradient;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        slots.Dispose();
        weights.Dispose();
    }

    // Rows of a single pair, a part of one of its views at a time.
    private IEnumerable<(long Start, long Anchors)> Chunks(long n, long step)
    {
        for (long view = 0; view < anchorViews; view++)
        {
            for (long first = 0; first < n; first += step)
            {
                yield return ((view * n) + first, Math.Min(step, n - first));
            }
        }
    }

    private Tensor? Anchors(Tensor pair, long start, long anchors, Tensor? slope, long firstPair, List<Tensor>[] sums, bool wantsGradient)
    {
        using var inner = NewDisposeScope();
        long count = pair.shape[0], length = pair.shape[1], n = length / 2;
        var own = pair.narrow(1, start, anchors);
        var similarities = own.bmm(pair.transpose(1, 2));                           // [pairs, anchors, 2N]
        similarities.narrow(2, start, anchors).diagonal(0, 1, 2).fill_(double.NegativeInfinity);
        var logs = nn.functional.log_softmax(similarities, 2);
        similarities.Dispose();

        // The other view of the same sample, for whole views or a part of one.
        long halves = anchors == length ? 2 : 1;
        var positives = logs.as_strided([count, halves, anchors / halves], [anchors * length, (n * length) - n, length + 1], (start + n) % length);
        long place = 0;
        for (int term = 0; term < terms.Count; term++)
        {
            long from = Math.Max(place, firstPair), to = Math.Min(place + terms[term].Pairs.Count, firstPair + count);
            place += terms[term].Pairs.Count;
            if (from < to)
            {
                sums[term].Add(positives.narrow(0, from - firstPair, to - from).sum().MoveToOuterDisposeScope().MoveToOuterDisposeScope());   // out of the part and of the anchors
            }
        }

        if (!wantsGradient)
        {
            return null;
        }

        logs.exp_();
        positives.sub_(1);
        var asCandidates = logs.transpose(1, 2).bmm(own);
        slope?.add_(asCandidates);
        slope ??= asCandidates.MoveToOuterDisposeScope();
        slope.narrow(1, start, anchors).add_(logs.bmm(pair));
        return slope;
    }
}
