using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>The measures of <see cref="VideoMoments"/> on features.</summary>
internal static class MomentSearch
{
    /// <summary>Measures features <c>[V, M, D]</c> of moments and of their queries.</summary>
    public static MomentResult Run(Tensor moments, Tensor queries, CancellationToken cancellationToken)
    {
        int videos = (int)moments.shape[0], count = (int)moments.shape[1];
        int[] all = Nearest(queries.flatten(0, 1), moments.flatten(0, 1), cancellationToken);
        int[] own = [.. Enumerable.Range(0, videos).SelectMany(video => Nearest(queries[video], moments[video], cancellationToken).Select(found => (video * count) + found))];
        bool[] halves = Halves(moments, queries);
        return new MomentResult
        {
            Videos = videos,
            Moments = count,
            WithinVideo = RecallEstimate.Of(videos, count, 1.0 / count, query => own[query] == query),
            AmongAll = RecallEstimate.Of(videos, count, 1.0 / (videos * count), query => all[query] == query),
            Video = RecallEstimate.Of(videos, count, 1.0 / videos, query => all[query] / count == query / count),
            Half = RecallEstimate.Of(videos, count, 0.5, query => halves[query]),
            FoundWithinVideo = own,
            FoundAmongAll = all,
        };
    }

    private static int[] Nearest(Tensor queries, Tensor moments, CancellationToken cancellationToken)
    {
        int[] numbers = [.. Enumerable.Range(0, (int)queries.shape[0])];
        var found = Retrieval.Evaluate(queries, numbers, moments, numbers, new RetrievalOptions { Neighbors = [1] }, cancellationToken: cancellationToken);
        return [.. numbers.Select(query => found.NeighborsOf(query)[0])];
    }

    // By cosines: that of a query and a mean is the sum over the mean's moments, divided by the length of the sum of the moments.
    private static bool[] Halves(Tensor moments, Tensor queries)
    {
        using var scope = NewDisposeScope();
        int videos = (int)moments.shape[0], count = (int)moments.shape[1];
        var known = nn.functional.normalize(moments.to(ScalarType.Float64), 2, -1, 1e-12);
        var asked = nn.functional.normalize(queries.to(ScalarType.Float64), 2, -1, 1e-12);
        double[] toQuery = asked.bmm(known.transpose(1, 2)).cpu().data<double>().ToArray();
        double[] toEachOther = known.bmm(known.transpose(1, 2)).cpu().data<double>().ToArray();
        return [.. Enumerable.Range(0, videos * count).Select(IsInOwnHalf)];

        bool IsInOwnHalf(int query)
        {
            int moment = query % count;
            bool second = ToMean(query, count / 2) > ToMean(query, 0);
            return second == (moment >= count / 2);
        }

        double ToMean(int query, int first)
        {
            int video = query / count, moment = query % count;
            int[] half = [.. Enumerable.Range(first, count / 2).Where(other => other != moment && other != count - 1 - moment)];
            double sum = half.Sum(other => toQuery[(query * count) + other]);
            double squared = half.Sum(a => half.Sum(b => toEachOther[(((video * count) + a) * count) + b]));
            return squared > 1e-24 ? sum / Math.Sqrt(squared) : 0;
        }
    }
}
