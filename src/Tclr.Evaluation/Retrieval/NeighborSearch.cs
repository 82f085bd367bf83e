using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Finds nearest neighbors by cosine similarity. Similarities are computed in tiles, to limit the memory.</summary>
internal sealed class NeighborSearch
{
    // Allocators may keep several blocks of this size before they reuse one (glibc up to eight), so it is small.
    private const int TileBytes = 8 << 20;

    private const int DefaultTileQueries = 1024;
    private const int RowsAtATime = 16;

    private readonly int tileQueries;
    private readonly int? tileItems;

    /// <summary>Creates a search.</summary>
    /// <param name="tileQueries">Number of queries in a tile.</param>
    /// <param name="tileItems">Number of gallery items in a tile; <see langword="null"/> for a tile of 8 MiB.</param>
    public NeighborSearch(int tileQueries = DefaultTileQueries, int? tileItems = null) => (this.tileQueries, this.tileItems) = (tileQueries, tileItems);

    /// <summary>The nearest items of each query, nearest first, with their similarities.</summary>
    public (int[] Items, float[] Similarities) Run(
        FeatureRows queries, FeatureRows gallery, int depth, bool centered, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        int tile = tileItems ?? (int)Math.Max(1, TileBytes / (sizeof(float) * Math.Max(gallery.Dimension, Math.Min(tileQueries, queries.Count))));
        var queryMean = centered ? queries.Mean(tile, cancellationToken) : null;
        var galleryMean = centered ? gallery.Mean(tile, cancellationToken) : null;
        using var probe = queries.ReadCentered(0, 1, mean: null);
        return probe.dtype == ScalarType.Float64
            ? Run<double>(queries, queryMean, gallery, galleryMean, depth, tile, progress, cancellationToken)
            : Run<float>(queries, queryMean, gallery, galleryMean, depth, tile, progress, cancellationToken);
    }

    private static void Merge<T>(NearestNeighbors<T> nearest, Tensor similarities, T[] scales, int depth, int firstQuery, int firstItem)
        where T : unmanaged, INumber<T>
    {
        int rows = (int)similarities.shape[0], columns = (int)similarities.shape[1];
        if (similarities.device_type == DeviceType.CPU)
        {
            // Rows are independent, so they are merged in parallel.
            Parallel.For(0, (rows + RowsAtATime - 1) / RowsAtATime, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, part =>
            {
                var values = MemoryMarshal.Cast<byte, T>(similarities.bytes);
                for (int row = part * RowsAtATime; row < Math.Min(rows, (part + 1) * RowsAtATime); row++)
                {
                    nearest.Merge(firstQuery + row, values.Slice(row * columns, columns), scales.AsSpan(firstItem, columns), firstItem);
                }
            });
            return;
        }

        int kept = Math.Min(depth, columns);
        var factors = empty([columns], similarities.dtype);
        scales.AsSpan(firstItem, columns).CopyTo(MemoryMarshal.Cast<byte, T>(factors.bytes));
        var (values, places) = similarities.mul_(factors.to(similarities.device)).topk(kept, 1);
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

    private (int[] Items, float[] Similarities) Run<T>(
        FeatureRows queries, Tensor? queryMean, FeatureRows gallery, Tensor? galleryMean, int depth, int tile, IProgress<double>? progress, CancellationToken cancellationToken)
        where T : unmanaged, INumber<T>
    {
        // The product is scaled instead of the gallery, to avoid a copy.
        queries.Scales<T>(queryMean, tile, nameof(queries), cancellationToken);
        var scales = gallery.Scales<T>(galleryMean, tile, nameof(gallery), cancellationToken);
        var nearest = new NearestNeighbors<T>((int)queries.Count, depth);
        long tiles = ((queries.Count + tileQueries - 1) / tileQueries) * ((gallery.Count + tile - 1) / tile), done = 0;
        for (long query = 0; query < queries.Count; query += tileQueries)
        {
            using var queryScope = NewDisposeScope();
            var rows = nn.functional.normalize(queries.ReadCentered(query, Math.Min(tileQueries, queries.Count - query), queryMean), 2, 1, 1e-12);
            for (long item = 0; item < gallery.Count; item += tile)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var tileScope = NewDisposeScope();
                var items = gallery.ReadCentered(item, Math.Min(tile, gallery.Count - item), galleryMean);
                Merge(nearest, rows.mm(items.t()), scales, depth, (int)query, (int)item);
                progress?.Report((double)++done / tiles);
            }
        }

        float[] similarities = new float[nearest.Items.Length];
        for (int i = 0; i < similarities.Length; i++)
        {
            similarities[i] = float.CreateTruncating(nearest.Similarities[i]);
        }

        return (nearest.Items, similarities);
    }
}
