using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Checks of the input of <see cref="Retrieval"/>, before torch sees it.</summary>
internal static class RetrievalInput
{
    public static void Check(
        Tensor queries, IReadOnlyList<int> queryLabels, Tensor gallery, IReadOnlyList<int> galleryLabels, RetrievalOptions options)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        Features(queries, "[Q,D]", nameof(queries));
        Features(gallery, "[G,D]", nameof(gallery));
        if (queries.shape[1] != gallery.shape[1] || queries.dtype != gallery.dtype)
        {
            throw new ArgumentException(
                $"Retrieval: expected queries [Q,D] and gallery [G,D] of the same D and type, got {Text(queries)} {queries.dtype} and {Text(gallery)} {gallery.dtype}",
                nameof(gallery));
        }

        if (queries.device.type != gallery.device.type || queries.device.index != gallery.device.index)
        {
            throw new ArgumentException($"Retrieval: expected queries and gallery on one device, got {queries.device} and {gallery.device}", nameof(gallery));
        }

        Rest(queries.shape, queryLabels, gallery.shape, galleryLabels, options);
    }

    public static void Check(
        FeatureStore queries, IReadOnlyList<int> queryLabels, FeatureStore gallery, IReadOnlyList<int> galleryLabels, RetrievalOptions options)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(gallery);
        Complete(queries, nameof(queries));
        Complete(gallery, nameof(gallery));
        if (queries.Dimension != gallery.Dimension)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Retrieval: expected queries and gallery with features of one length, got {queries.Dimension} and {gallery.Dimension}"), nameof(gallery));
        }

        Rest([queries.Count, queries.Dimension], queryLabels, [gallery.Count, gallery.Dimension], galleryLabels, options);
    }

    private static void Rest(long[] queries, IReadOnlyList<int> queryLabels, long[] gallery, IReadOnlyList<int> galleryLabels, RetrievalOptions options)
    {
        ArgumentNullException.ThrowIfNull(queryLabels);
        ArgumentNullException.ThrowIfNull(galleryLabels);
        ArgumentNullException.ThrowIfNull(options);
        Labels(queries, queryLabels, nameof(queries), nameof(queryLabels));
        Labels(gallery, galleryLabels, nameof(gallery), nameof(galleryLabels));
        if (options.Neighbours.Count == 0)
        {
            throw new ArgumentException("Retrieval: expected at least one number of neighbours, got none", nameof(options));
        }

        foreach (int k in options.Neighbours)
        {
            if (k < 1 || k > gallery[0])
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"Retrieval: expected a number of neighbours from 1 to the {gallery[0]} items of the gallery, got {k}"),
                    nameof(options));
            }
        }

        if (queries[0] * options.Neighbours.Max() > Array.MaxLength)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Retrieval: expected {Array.MaxLength} neighbours in all at most, got {queries[0]} queries with {options.Neighbours.Max()} each: judge by fewer"),
                nameof(options));
        }
    }

    private static void Complete(FeatureStore store, string name)
    {
        if (!store.IsComplete)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Retrieval: expected {name} with features of all {store.Count} videos, '{store.Path}' has {store.Done}: extract the rest"), name);
        }
    }

    private static void Features(Tensor features, string shape, string name)
    {
        if (features.dim() != 2 || features.numel() == 0)
        {
            throw new ArgumentException($"Retrieval: expected {name} {shape} without empty dimensions, got {Text(features)}", name);
        }

        if (features.dtype is not (ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64))
        {
            throw new ArgumentException($"Retrieval: expected {name} of a floating-point type, got {features.dtype}", name);
        }
    }

    private static void Labels(long[] features, IReadOnlyList<int> labels, string featuresName, string name)
    {
        if (labels.Count != features[0])
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Retrieval: expected {features[0]} {name} for {featuresName} [{string.Join(',', features)}], got {labels.Count}"), name);
        }
    }

    private static string Text(Tensor tensor) => $"[{string.Join(',', tensor.shape)}]";
}
