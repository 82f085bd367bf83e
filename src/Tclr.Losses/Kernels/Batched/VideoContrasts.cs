using static TorchSharp.torch;

namespace Tclr.Losses.Kernels.Batched;

/// <summary>Cross-entropies within each video, with their gradient.</summary>
/// <remarks>
/// The candidates of an anchor are gathered from the similarities <c>Q = Y Y'</c> of the video's rows <c>Y</c>, the gradient
/// with respect to <c>Q</c> is gathered back: no two results are added by atomic operations, so a result does not depend on their order.
/// </remarks>
internal sealed class VideoContrasts : IDisposable
{
    private readonly long first;
    private readonly long count;
    private readonly long length;
    private readonly int[] anchors;
    private readonly Tensor candidates;
    private readonly Tensor factors;
    private readonly Tensor positives;
    private readonly Tensor uses;

    /// <summary>Prepares the terms.</summary>
    /// <param name="terms">The terms, one or more.</param>
    /// <param name="first">The first of the stacked views that take part.</param>
    /// <param name="count">How many take part.</param>
    /// <param name="scale">The rows are multiplied by it: the square root of 1 over the temperature.</param>
    /// <param name="type">Type of the rows.</param>
    /// <param name="device">Where they are.</param>
    public VideoContrasts(IReadOnlyList<VideoTerm> terms, long first, long count, double scale, ScalarType type, Device device)
    {
        this.first = first;
        this.count = count;
        anchors = [.. terms.Select(term => term.Anchors.Count)];

        // Entry 0 is a row with itself, which is masked: it fills up lists, and stands where an entry is not used.
        length = terms.Max(term => term.Anchors.Max(anchor => anchor.Candidates.Length)) + 1;
        var entries = new List<long>();
        var weights = new List<double>();
        var targets = new List<double>();
        var usesOf = Enumerable.Range(0, (int)(count * count)).Select(_ => new List<long>()).ToArray();
        foreach (var term in terms)
        {
            double weight = term.PerAnchor * term.Weight * scale;
            foreach (var (anchor, list) in term.Anchors)
            {
                foreach (long candidate in list)
                {
                    long row = anchor - first, column = candidate - first;
                    usesOf[(row * count) + column].Add(entries.Count);
                    usesOf[(column * count) + row].Add(entries.Count);
                    targets.Add(candidate == list[0] ? -weight : 0);
                    entries.Add((row * count) + column);
                }

                int padding = (int)length - list.Length;
                entries.AddRange(Enumerable.Repeat(0L, padding));
                targets.AddRange(Enumerable.Repeat(0.0, padding));
                weights.AddRange(Enumerable.Repeat(weight, (int)length));
            }
        }

        int most = usesOf.Max(list => list.Count);
        candidates = tensor([.. entries], device: device).DetachFromDisposeScope();
        factors = tensor([.. weights], type, device).DetachFromDisposeScope();
        positives = tensor([.. targets], type, device).DetachFromDisposeScope();
        uses = tensor([.. Enumerable.Range(0, most).SelectMany(use => usesOf.Select(list => use < list.Count ? list[use] : length - 1))], device: device).DetachFromDisposeScope();
    }

    /// <summary>Adds the log-probabilities of the positives to the sums of the terms, and the gradient.</summary>
    /// <param name="rows">The stacked views <c>[K, B, D]</c>, multiplied by the scale.</param>
    /// <param name="sums">Takes the sum of each term.</param>
    /// <param name="gradient">Takes the gradient <c>[K, B, D]</c> with respect to the rows before they were scaled; <see langword="null"/> for none.</param>
    public void Compute(Tensor rows, ReadOnlySpan<List<Tensor>> sums, Tensor? gradient)
    {
        using var inner = NewDisposeScope();
        long b = rows.shape[1];
        var clips = rows.narrow(0, first, count).transpose(0, 1);                   // [B, R, D]
        var similarities = clips.bmm(clips.transpose(1, 2));                        // [B, R, R]
        similarities.diagonal(0, 1, 2).fill_(double.NegativeInfinity);
        var lists = similarities.view(b, -1).index_select(1, candidates).view(b, -1, length);
        var logs = nn.functional.log_softmax(lists, 2);                             // [B, anchors, candidates]
        long place = 0;
        for (int term = 0; term < anchors.Length; term++)
        {
            sums[term].Add(logs.select(2, 0).narrow(1, place, anchors[term]).sum().MoveToOuterDisposeScope());
            place += anchors[term];
        }

        if (gradient is not null)
        {
            var slopes = positives.addcmul(logs.exp_().view(b, -1), factors, 1);    // softmax less one at the positive, weighed
            var both = slopes.index_select(1, uses).view(b, -1, count, count).sum([1L]);
            gradient.narrow(0, first, count).transpose(0, 1).add_(both.bmm(clips));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        candidates.Dispose();
        factors.Dispose();
        positives.Dispose();
        uses.Dispose();
    }
}
