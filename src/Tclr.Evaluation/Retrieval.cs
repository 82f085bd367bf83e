using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Nearest-neighbour retrieval: does a video's neighbourhood in feature space share its label?</summary>
public static class Retrieval
{
    /// <summary>Similarities held at a time: 64 MiB in float32.</summary>
    private const long SimilaritiesPerTile = 1L << 24;

    /// <summary>Finds each query's nearest gallery items by cosine and compares labels.</summary>
    /// <remarks>
    /// Features are scaled to unit length, not centred. Queries are taken tile by tile, so memory does not grow with their
    /// number. No gradients are recorded. Source: the retrieval protocol of Dave et al., "TCLR" (2022): queries from the
    /// test split, gallery from the training split, R@1, R@5, R@10 and R@20.
    /// </remarks>
    /// <param name="queries">Features <c>[Q, D]</c>; the caller keeps owning them.</param>
    /// <param name="queryLabels">Labels of the <c>Q</c> queries.</param>
    /// <param name="gallery">Features <c>[G, D]</c> on the same device; the caller keeps owning them.</param>
    /// <param name="galleryLabels">Labels of the <c>G</c> gallery items.</param>
    /// <param name="ks">The numbers of neighbours to judge by, each 1 to <c>G</c>; at least one.</param>
    /// <returns>Neighbours and recalls, for all <c>k</c> up to the largest asked for.</returns>
    /// <exception cref="ArgumentException">
    /// The features are not floating-point <c>[Q, D]</c> and <c>[G, D]</c> of one type on one device, hold NaN or infinite
    /// numbers, the labels are not as many, or a <c>k</c> is missing or out of range.
    /// </exception>
    /// <example><code>
    /// var result = Retrieval.Evaluate(test.Values, testLabels, train.Values, trainLabels, 1, 5, 10, 20);
    /// double recall = result.RecallAt(5);                     // 0 to 1
    /// </code></example>
    public static RetrievalResult Evaluate(
        Tensor queries,
        IReadOnlyList<int> queryLabels,
        Tensor gallery,
        IReadOnlyList<int> galleryLabels,
        params ReadOnlySpan<int> ks)
    {
        RetrievalInput.Check(queries, queryLabels, gallery, galleryLabels, ks);
        return Evaluate(queries, queryLabels, gallery, galleryLabels, ks, tile: Math.Max(1, SimilaritiesPerTile / gallery.shape[0]));
    }

    /// <summary>As the public one, with the number of queries per tile.</summary>
    internal static RetrievalResult Evaluate(
        Tensor queries,
        IReadOnlyList<int> queryLabels,
        Tensor gallery,
        IReadOnlyList<int> galleryLabels,
        ReadOnlySpan<int> ks,
        long tile)
    {
        int deepest = 0;
        foreach (int k in ks)
        {
            deepest = Math.Max(deepest, k);
        }

        long count = queries.shape[0];
        int[] neighbours = new int[count * deepest];
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var items = UnitRows(gallery).t();                                          // [D, G]
        for (long start = 0; start < count; start += tile)
        {
            using var tileScope = NewDisposeScope();
            var rows = UnitRows(queries.narrow(0, start, Math.Min(tile, count - start)));
            var (_, indices) = rows.mm(items).topk(deepest, 1);                     // [tile, k]
            long position = start * deepest;
            foreach (long index in indices.data<long>().ToArray())
            {
                neighbours[position++] = (int)index;
            }
        }

        return new RetrievalResult(neighbours, deepest, queryLabels, galleryLabels);
    }

    private static Tensor UnitRows(Tensor features)
    {
        var raised = features.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? features.to(ScalarType.Float32) : features;
        return nn.functional.normalize(raised, 2, 1, 1e-12);
    }
}
