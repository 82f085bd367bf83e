using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Nearest-neighbor retrieval by cosine similarity, measured by R@k.</summary>
/// <remarks>
/// No gradients are recorded. Similarities are computed tile by tile and only the nearest are kept, so memory does not grow with
/// the product of the two sets: 20,000 queries against 222,000 videos need less than 130 MB in addition to the features. Of equally
/// similar gallery items the first one ranks higher (on a GPU, any). Source: the retrieval protocol of Dave et al., "TCLR"
/// (2022): queries from the test split, gallery from the training split.
/// </remarks>
/// <example><code>
/// var result = Retrieval.Evaluate(test.Values, testLabels, train.Values, trainLabels, 1, 5, 10, 20);
/// double recall = result.RecallAt(5);                     // 0 to 1
/// </code></example>
public static class Retrieval
{
    /// <summary>Finds each query's nearest gallery items and compares labels; features are not centered.</summary>
    /// <param name="queries">Features <c>[Q, D]</c>; the caller keeps owning them.</param>
    /// <param name="queryLabels">Labels of the <c>Q</c> queries.</param>
    /// <param name="gallery">Features <c>[G, D]</c> on the same device; the caller keeps owning them.</param>
    /// <param name="galleryLabels">Labels of the <c>G</c> gallery items.</param>
    /// <param name="ks">The <c>k</c> of R@k, each 1 to <c>G</c>; at least one.</param>
    /// <returns>Neighbors and recalls, for every <c>k</c> up to the largest.</returns>
    /// <exception cref="ArgumentException">As for the overload with <see cref="RetrievalOptions"/>.</exception>
    public static RetrievalResult Evaluate(
        Tensor queries, IReadOnlyList<int> queryLabels, Tensor gallery, IReadOnlyList<int> galleryLabels, params ReadOnlySpan<int> ks)
        => Evaluate(queries, queryLabels, gallery, galleryLabels, new RetrievalOptions { Neighbors = [.. ks] });

    /// <summary>Finds each query's nearest gallery items and compares labels.</summary>
    /// <param name="queries">Features <c>[Q, D]</c>; the caller keeps owning them.</param>
    /// <param name="queryLabels">Labels of the <c>Q</c> queries.</param>
    /// <param name="gallery">Features <c>[G, D]</c> on the same device; the caller keeps owning them.</param>
    /// <param name="galleryLabels">Labels of the <c>G</c> gallery items.</param>
    /// <param name="options">The settings.</param>
    /// <param name="progress">Reports the completed fraction of the search, 0 to 1.</param>
    /// <param name="cancellationToken">Cancels between two tiles.</param>
    /// <returns>Neighbors and recalls, for every <c>k</c> up to the largest.</returns>
    /// <exception cref="ArgumentException">
    /// The features are not floating-point <c>[Q, D]</c> and <c>[G, D]</c> of one type on one device, have NaN or infinite
    /// values, the numbers of labels differ, or a <c>k</c> is missing or out of range.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static RetrievalResult Evaluate(
        Tensor queries,
        IReadOnlyList<int> queryLabels,
        Tensor gallery,
        IReadOnlyList<int> galleryLabels,
        RetrievalOptions options,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
        => Evaluate(queries, queryLabels, gallery, galleryLabels, options, new NeighborSearch(), progress, cancellationToken);

    /// <summary>Finds each query's nearest gallery items among features in files, which are read as needed.</summary>
    /// <param name="queries">Features of <c>Q</c> videos; the caller keeps owning them.</param>
    /// <param name="queryLabels">Labels of the <c>Q</c> queries.</param>
    /// <param name="gallery">Features of <c>G</c> videos; the caller keeps owning them.</param>
    /// <param name="galleryLabels">Labels of the <c>G</c> gallery items.</param>
    /// <param name="options">The settings; <see langword="null"/> for the defaults.</param>
    /// <param name="progress">Reports the completed fraction of the search, 0 to 1.</param>
    /// <param name="cancellationToken">Cancels between two tiles.</param>
    /// <returns>Neighbors and recalls, for every <c>k</c> up to the largest.</returns>
    /// <exception cref="ArgumentException">
    /// A file is incomplete, the dimensions differ, features have NaN or infinite values, the numbers of labels differ, or a
    /// <c>k</c> is missing or out of range.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static RetrievalResult Evaluate(
        FeatureStore queries,
        IReadOnlyList<int> queryLabels,
        FeatureStore gallery,
        IReadOnlyList<int> galleryLabels,
        RetrievalOptions? options = null,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        CheckComplete(queries, nameof(queries));
        CheckComplete(gallery, nameof(gallery));
        return Run(FeatureRows.Of(queries), queryLabels, FeatureRows.Of(gallery), galleryLabels, options ?? new(), new NeighborSearch(), progress, cancellationToken);
    }

    /// <summary>The public overload with a given search.</summary>
    internal static RetrievalResult Evaluate(
        Tensor queries,
        IReadOnlyList<int> queryLabels,
        Tensor gallery,
        IReadOnlyList<int> galleryLabels,
        RetrievalOptions options,
        NeighborSearch search,
        IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        TensorCheck.Shape(queries, "[Q,D]", nameof(Retrieval));
        TensorCheck.Shape(gallery, "[G,D]", nameof(Retrieval));
        TensorCheck.SameKind(queries, gallery, nameof(Retrieval));
        return Run(FeatureRows.Of(queries), queryLabels, FeatureRows.Of(gallery), galleryLabels, options, search, progress, cancellationToken);
    }

    private static RetrievalResult Run(
        FeatureRows queries,
        IReadOnlyList<int> queryLabels,
        FeatureRows gallery,
        IReadOnlyList<int> galleryLabels,
        RetrievalOptions options,
        NeighborSearch search,
        IProgress<double>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (queries.Dimension != gallery.Dimension)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Retrieval: expected queries and gallery with features of one length, got {queries.Dimension} and {gallery.Dimension}"), nameof(gallery));
        }

        InputCheck.Labels(queryLabels, queries.Count, nameof(Retrieval), nameof(queryLabels));
        InputCheck.Labels(galleryLabels, gallery.Count, nameof(Retrieval), nameof(galleryLabels));
        OptionChecker.ThrowIfInvalid(check => options.Check(check, queries.Count, gallery.Count), nameof(options));
        int depth = options.Neighbors.Max();
        var (items, similarities) = search.Run(queries, gallery, depth, options.Centered, progress, cancellationToken);
        return new RetrievalResult(items, similarities, depth, queryLabels, galleryLabels);
    }

    private static void CheckComplete(FeatureStore store, string name)
    {
        ArgumentNullException.ThrowIfNull(store, name);
        if (!store.IsComplete)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Retrieval: expected {name} with features of all {store.Count} videos, '{store.Path}' has {store.Done}: extract the missing ones"), name);
        }
    }
}

/// <summary>Settings of <see cref="Retrieval"/>.</summary>
/// <example><code>
/// var result = Retrieval.Evaluate(test, testLabels, train, trainLabels, RetrievalOptions.DualVar);
/// </code></example>
public sealed record RetrievalOptions
{
    /// <summary>TCLR's protocol: R@1, R@5, R@10 and R@20, not centered (Dave et al., 2022).</summary>
    public static RetrievalOptions Tclr { get; } = new() { Neighbors = [1, 5, 10, 20] };

    /// <summary>DualVar's protocol: R@1, R@5, R@10, R@20 and R@50, both sets centered.</summary>
    public static RetrievalOptions DualVar { get; } = new() { Centered = true };

    /// <summary>The <c>k</c> of R@k.</summary>
    /// <value>One number or more, each from 1 to the size of the gallery. The default value is 1, 5, 10, 20 and 50.</value>
    public IReadOnlyList<int> Neighbors { get; init; } = [1, 5, 10, 20, 50];

    /// <summary>Whether to subtract the mean of each set from its features before they are scaled to unit length.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Centered { get; init; }

    internal void Check(OptionChecker check, long queries, long gallery)
    {
        check.Require(Neighbors.Count > 0, "none", "one number or more", nameof(Neighbors));
        foreach (int k in Neighbors)
        {
            check.Between(k, 1, gallery, nameof(Neighbors));
            check.Require(queries * k <= Array.MaxLength, k, FormattableString.Invariant($"at most {Array.MaxLength} neighbors of all {queries} queries together"), nameof(Neighbors));
        }
    }
}
