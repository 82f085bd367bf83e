using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Checks of the input of <see cref="Retrieval"/>, before torch sees it.</summary>
internal static class RetrievalInput
{
    public static void Check(
        Tensor queries,
        IReadOnlyList<int> queryLabels,
        Tensor gallery,
        IReadOnlyList<int> galleryLabels,
        ReadOnlySpan<int> ks)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(queryLabels);
        ArgumentNullException.ThrowIfNull(gallery);
        ArgumentNullException.ThrowIfNull(galleryLabels);
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

        Labels(queries, queryLabels, nameof(queries), nameof(queryLabels));
        Labels(gallery, galleryLabels, nameof(gallery), nameof(galleryLabels));
        if (ks.IsEmpty)
        {
            throw new ArgumentException("Retrieval: expected at least one number of neighbours, got none", nameof(ks));
        }

        foreach (int k in ks)
        {
            if (k < 1 || k > gallery.shape[0])
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"Retrieval: expected a number of neighbours from 1 to the {gallery.shape[0]} items of the gallery, got {k}"),
                    nameof(ks));
            }
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

        using var scope = NewDisposeScope();
        if (!features.isfinite().all().ToBoolean())
        {
            throw new ArgumentException($"Retrieval: expected finite {name}, got NaN or infinite numbers: the encoder has diverged or its weights are damaged", name);
        }
    }

    private static void Labels(Tensor features, IReadOnlyList<int> labels, string featuresName, string name)
    {
        if (labels.Count != features.shape[0])
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Retrieval: expected {features.shape[0]} {name} for {featuresName} {Text(features)}, got {labels.Count}"), name);
        }
    }

    private static string Text(Tensor tensor) => $"[{string.Join(',', tensor.shape)}]";
}
