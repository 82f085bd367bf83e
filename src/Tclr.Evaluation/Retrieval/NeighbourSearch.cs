using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Finds nearest neighbours by cosine, a tile of the similarities at a time: memory does not grow with both numbers.</summary>
/// <param name="tileQueries">Queries of a tile.</param>
/// <param name="tileItems">Gallery items of a tile.</param>
internal sealed class NeighbourSearch(int tileQueries, int tileItems)
{
    /// <summary>The search with tiles of 8 MiB: they stay in the processor's cache until they are looked through.</summary>
    public static NeighbourSearch Default { get; } = new(512, 4096);

    /// <summary>The nearest items of each query, nearest first, with their similarities.</summary>
    public (int[] Items, float[] Similarities) Run(
        FeatureRows queries, FeatureRows gallery, int depth, bool centred, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var queryMean = Inspect(queries, nameof(queries), cancellationToken);
        var galleryMean = Inspect(gallery, nameof(gallery), cancellationToken);
        using var probe = queries.ReadUnit(0, 1, mean: null);
        return probe.dtype == ScalarType.Float64
            ? Run<double>(queries, centred ? queryMean : null, gallery, centred ? galleryMean : null, depth, progress, cancellationToken)
            : Run<float>(queries, centred ? queryMean : null, gallery, centred ? galleryMean : null, depth, progress, cancellationToken);
    }

    private static void Merge<T>(NearestNeighbours<T> nearest, Tensor similarities, int depth, int firstQuery, int firstItem)
        where T : unmanaged, INumber<T>
    {
        int rows = (int)similarities.shape[0], columns = (int)similarities.shape[1];
        if (similarities.device_type == DeviceType.CPU)
        {
            // Rows side by side: what is merged into one query does not depend on the others.
            Parallel.For(0, rows, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, row =>
                nearest.Merge(firstQuery + row, MemoryMarshal.Cast<byte, T>(similarities.bytes).Slice(row * columns, columns), firstItem));
            return;
        }

        int kept = Math.Min(depth, columns);
        var (values, places) = similarities.topk(kept, 1);
        Tensor hostValues = values.cpu(), hostPlaces = places.cpu();
        for (int row = 0; row < rows; row++)
        {
            nearest.Merge(
                firstQuery + row,
                MemoryMarshal.Cast<byte, T>(hostValues.bytes).Slice(row * kept, kept),
                MemoryMarshal.Cast<byte, long>(hostPlaces.bytes).Slice(row * kept, kept),
                firstItem);
        }
    }

    private Tensor Inspect(FeatureRows features, string name, CancellationToken cancellationToken)
    {
        var (finite, mean) = features.Inspect(tileItems, cancellationToken);
        return finite
            ? mean
            : throw new ArgumentException($"Retrieval: expected finite {name}, got NaN or infinite numbers: the encoder has diverged or its weights are damaged", name);
    }

    private (int[] Items, float[] Similarities) Run<T>(
        FeatureRows queries, Tensor? queryMean, FeatureRows gallery, Tensor? galleryMean, int depth, IProgress<double>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumber<T>
    {
        var nearest = new NearestNeighbours<T>((int)queries.Count, depth);
        for (long item = 0; item < gallery.Count; item += tileItems)
        {
            using var tileScope = NewDisposeScope();
            var items = gallery.ReadUnit(item, Math.Min(tileItems, gallery.Count - item), galleryMean).t();     // [D, tile]
            for (long query = 0; query < queries.Count; query += tileQueries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var productScope = NewDisposeScope();
                var rows = queries.ReadUnit(query, Math.Min(tileQueries, queries.Count - query), queryMean);
                Merge(nearest, rows.mm(items), depth, (int)query, (int)item);
            }

            progress?.Report(Math.Min(1, (double)(item + tileItems) / gallery.Count));
        }

        float[] similarities = new float[nearest.Items.Length];
        for (int i = 0; i < similarities.Length; i++)
        {
            similarities[i] = float.CreateTruncating(nearest.Similarities[i]);
        }

        return (nearest.Items, similarities);
    }
}
