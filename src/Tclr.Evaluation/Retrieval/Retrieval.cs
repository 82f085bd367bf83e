using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Nearest-neighbour retrieval: does a video's neighbourhood in feature space share its label?</summary>
/// <remarks>
/// Features are scaled to unit length and compared by their cosine; no gradients are recorded. Similarities are computed
/// tile by tile and only the nearest are kept, so memory grows with neither set: 20,000 queries against 222,000 videos need
/// less than 130 MB beside the features. Of gallery items at the same distance the first one counts as nearer (on a GPU, any).
/// Source: the retrieval protocol of Dave et al., "TCLR" (2022): queries from the test split, gallery from the training split.
/// </remarks>
/// <example><code>
/// var result = Retrieval.Evaluate(test.Values, testLabels, train.Values, trainLabels, 1, 5, 10, 20);
/// double recall = result.RecallAt(5);                     // 0 to 1
/// </code></example>
public static class Retrieval
{
    /// <summary>Finds each query's nearest gallery items by cosine and compares labels; features are not centred.</summary>
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
    public static RetrievalResult Evaluate(
        Tensor queries,
        IReadOnlyList<int> queryLabels,
        Tensor gallery,
        IReadOnlyList<int> galleryLabels,
        params ReadOnlySpan<int> ks)
        => Evaluate(queries, queryLabels, gallery, galleryLabels, new RetrievalOptions { Neighbours = [.. ks] });

    /// <summary>Finds each query's nearest gallery items by cosine and compares labels.</summary>
    /// <param name="queries">Features <c>[Q, D]</c>; the caller keeps owning them.</param>
    /// <param name="queryLabels">Labels of the <c>Q</c> queries.</param>
    /// <param name="gallery">Features <c>[G, D]</c> on the same device; the caller keeps owning them.</param>
    /// <param name="galleryLabels">Labels of the <c>G</c> gallery items.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Told the share of the tiles that are done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between two tiles.</param>
    /// <returns>Neighbours and recalls, for all <c>k</c> up to the largest asked for.</returns>
    /// <exception cref="ArgumentException">
    /// The features are not floating-point <c>[Q, D]</c> and <c>[G, D]</c> of one type on one device, hold NaN or infinite
    /// numbers, the labels are not as many, or a <c>k</c> is missing or out of range.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static RetrievalResult Evaluate(
        Tensor queries,
        IReadOnlyList<int> queryLabels,
        Tensor gallery,
        IReadOnlyList<int> galleryLabels,
        RetrievalOptions options,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
        => Evaluate(queries, queryLabels, gallery, galleryLabels, options, new NeighbourSearch(), progress, cancellationToken);

    /// <summary>Finds each query's nearest gallery items among features in files, which are read as they are needed.</summary>
    /// <param name="queries">Features of <c>Q</c> videos; the caller keeps owning them.</param>
    /// <param name="queryLabels">Labels of the <c>Q</c> queries.</param>
    /// <param name="gallery">Features of <c>G</c> videos; the caller keeps owning them.</param>
    /// <param name="galleryLabels">Labels of the <c>G</c> gallery items.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Told the share of the tiles that are done, 0 to 1.</param>
    /// <param name="cancellationToken">Stops between two tiles.</param>
    /// <returns>Neighbours and recalls, for all <c>k</c> up to the largest asked for.</returns>
    /// <exception cref="ArgumentException">
    /// A file lacks features, the two differ in their length, hold NaN or infinite numbers, the labels are not as many, or a
    /// <c>k</c> is missing or out of range.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static RetrievalResult Evaluate(
        FeatureStore queries,
        IReadOnlyList<int> queryLabels,
        FeatureStore gallery,
        IReadOnlyList<int> galleryLabels,
        RetrievalOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new RetrievalOptions();
        RetrievalInput.Check(queries, queryLabels, gallery, galleryLabels, options);
        return Run(FeatureRows.Of(queries), queryLabels, FeatureRows.Of(gallery), galleryLabels, options, new NeighbourSearch(), progress, cancellationToken);
    }

    /// <summary>As the public one, with the search to use.</summary>
    internal static RetrievalResult Evaluate(
        Tensor queries,
        IReadOnlyList<int> queryLabels,
        Tensor gallery,
        IReadOnlyList<int> galleryLabels,
        RetrievalOptions options,
        NeighbourSearch search,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        RetrievalInput.Check(queries, queryLabels, gallery, galleryLabels, options);
        return Run(FeatureRows.Of(queries), queryLabels, FeatureRows.Of(gallery), galleryLabels, options, search, progress, cancellationToken);
    }

    private static RetrievalResult Run(
        FeatureRows queries,
        IReadOnlyList<int> queryLabels,
        FeatureRows gallery,
        IReadOnlyList<int> galleryLabels,
        RetrievalOptions options,
        NeighbourSearch search,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        int depth = options.Neighbours.Max();
        var (items, similarities) = search.Run(queries, gallery, depth, options.Centred, progress, cancellationToken);
        return new RetrievalResult(items, similarities, depth, queryLabels, galleryLabels);
    }
}
