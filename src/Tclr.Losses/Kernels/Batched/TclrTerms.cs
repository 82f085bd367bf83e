using static Tclr.Losses.TclrLossConvention;

namespace Tclr.Losses.Kernels.Batched;

/// <summary>A term made of NT-Xent between pairs of views.</summary>
/// <param name="Name">Name of the term.</param>
/// <param name="Pairs">The pairs, as places in <see cref="ViewOrder"/>.</param>
/// <param name="PerAnchor">Factor of an anchor's cross-entropy in the term.</param>
/// <param name="Weight">Weight of the term in the total.</param>
internal sealed record PairTerm(string Name, IReadOnlyList<(long First, long Second)> Pairs, double PerAnchor, double Weight);

/// <summary>A term made of cross-entropies within each video.</summary>
/// <param name="Name">Name of the term.</param>
/// <param name="Anchors">For each cross-entropy the place of the anchor and the places of its candidates, the positive first.</param>
/// <param name="PerAnchor">Factor of a cross-entropy in the term.</param>
/// <param name="Weight">Weight of the term in the total.</param>
internal sealed record VideoTerm(string Name, IReadOnlyList<(long Anchor, long[] Candidates)> Anchors, double PerAnchor, double Weight);

/// <summary>The order in which the embeddings of a video are stacked: its global clips, its local clips, the timesteps of its global clips; of each timestep the views side by side.</summary>
/// <param name="Views">Number of views <c>V</c>.</param>
/// <param name="Timesteps">Number of timesteps <c>T</c>.</param>
internal readonly record struct ViewOrder(long Views, long Timesteps)
{
    public static long Global(long view) => view;

    public long Local(long view, long timestep) => ((1 + timestep) * Views) + view;

    public long Slice(long view, long timestep) => ((1 + Timesteps + timestep) * Views) + view;
}

/// <summary>The terms of the TCLR loss as lists of cross-entropies.</summary>
internal static class TclrTerms
{
    /// <summary>The instance terms.</summary>
    public static List<PairTerm> Pairs(TclrLossOptions options, ViewOrder order, long videos)
    {
        var (v, t) = order;
        double weight = options.InstanceWeight;
        return (options.Instance, options.Convention, options.InstancePairs) switch
        {
            (false, _, _) => [],
            (_, Paper, TclrInstancePairs.SameFrames) => [new PairTerm(LossTerms.PaperInstance, [(0, 1)], 1.0 / videos, weight)],
            (_, Paper, _) =>
            [
                new PairTerm(
                    LossTerms.PaperInstance,
                    [.. from k in Range(t) from l in Range(t) select (order.Local(0, k), order.Local(1, l))],
                    1.0 / (t * t * videos),
                    weight),
            ],
            _ =>
            [
                new PairTerm(LossTerms.GlobalInstance, Unordered(0, v), 1.0 / (v * (v - 1) * videos), weight),
                new PairTerm(LossTerms.LocalInstance, Unordered(v, v * t), 1.0 / (t * videos), weight),
            ],
        };
    }

    /// <summary>The temporal terms.</summary>
    public static List<VideoTerm> Videos(TclrLossOptions options, ViewOrder order, long videos)
    {
        var (v, t) = order;
        bool paper = options.Convention == Paper;
        long anchors = paper ? 1 : v;
        var terms = new List<VideoTerm>(2);
        if (options.LocalLocal)
        {
            // Candidates of a clip: those of another view, its own time first, and the others of its own view.
            var clips =
                from a in Range(anchors)
                from b in Range(v)
                where a != b
                from k in Range(t)
                select (order.Local(a, k), (long[])[order.Local(b, k), .. Others(t, k).Select(l => order.Local(b, l)), .. Others(t, k).Select(l => order.Local(a, l))]);
            terms.Add(new VideoTerm(LossTerms.LocalLocal, [.. clips], paper ? 1.0 / videos : 1.0 / (v * (v - 1) * t), options.LocalLocalWeight));
        }

        if (options.GlobalLocal)
        {
            var steps =
                from a in Range(anchors)
                from b in Range(anchors)
                from k in Range(t)
                from pair in new[]
                {
                    (order.Slice(a, k), (long[])[order.Local(b, k), .. Others(t, k).Select(l => order.Local(b, l))]),
                    (order.Local(b, k), [order.Slice(a, k), .. Others(t, k).Select(l => order.Slice(a, l))]),
                }
                select pair;
            terms.Add(new VideoTerm(LossTerms.GlobalLocal, [.. steps], paper ? 1.0 / videos : 1.0 / (2 * videos), options.GlobalLocalWeight));
        }

        return terms;
    }

    private static List<(long First, long Second)> Unordered(long start, long count)
        => [.. from a in Range(count) from b in Range(count) where a < b select (start + a, start + b)];

    private static IEnumerable<long> Others(long count, long except) => Range(count).Where(k => k != except);

    private static IEnumerable<long> Range(long count) => Enumerable.Range(0, (int)count).Select(k => (long)k);
}
