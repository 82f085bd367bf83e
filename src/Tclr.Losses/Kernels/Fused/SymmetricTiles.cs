using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>NT-Xent between all views of the same samples, from the upper half of the symmetric matrix of similarities.</summary>
/// <remarks>
/// <para>
/// With <c>E = exp(S - c)</c>, <c>c</c> being the largest similarity that is possible, and <c>s[i, b]</c> the sum of row
/// <c>i</c> of <c>E</c> over view <c>b</c> without the row itself, the term of row <c>i</c> of view <c>a</c> against view <c>b</c>
/// is <c>log(s[i, a] + s[i, b]) + c</c> less the positive similarity. With <c>f[i, b] = w / (s[i, a] + s[i, b])</c> and
/// <c>f[i, a]</c> the sum of the others, the gradient of the embeddings is the product of <c>E[i, j] (f[i, b] + f[j, a])</c>,
/// <c>j</c> being a row of view <c>b</c>, less the weights at the positives, with the embeddings: the matrix is symmetric.
/// </para>
/// <para>
/// So the first pass over a tile gives the sums of its rows and its columns, and the second the gradient. Tiles
/// are kept in between if they are not too large, and else computed twice.
/// </para>
/// </remarks>
/// <param name="contrast">The contrast of the views.</param>
/// <param name="timesteps">The contrast of the timesteps; <see langword="null"/> for none.</param>
/// <param name="largest">The largest similarity that is possible.</param>
/// <param name="sizes">How the work is divided.</param>
internal sealed class SymmetricTiles<T>(Contrast contrast, Contrast? timesteps, double largest, TileSizes sizes)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int samples = contrast.Samples;
    private readonly int size = checked(contrast.Views * contrast.Samples);

    // Each is an array [view, row]: of the sums s, of the positive similarities, of f, and of what is added to the gradient at the positives.
    private readonly double[] sums = new double[(long)contrast.Views * contrast.Views * contrast.Samples];
    private readonly double[] positives = new double[(long)contrast.Views * contrast.Views * contrast.Samples];
    private readonly T[] factors = new T[(long)contrast.Views * contrast.Views * contrast.Samples];
    private readonly double[] corrections = new double[(long)contrast.Views * contrast.Views * contrast.Samples];

    /// <summary>Sums the terms over all anchors and adds their gradient.</summary>
    /// <param name="views">The views <c>[V, N, D]</c>.</param>
    /// <returns>The sums of the terms, unweighted.</returns>
    public (double Views, double Timesteps) Sum(FusedInput views)
    {
        using var scope = NewDisposeScope();
        var rows = views.Values.flatten(0, 1);                                      // [V * N, D]
        var scaled = rows / contrast.Temperature;
        var columns = rows.t();
        var tiles = Tile.Cover(size, sizes);
        var kept = views.Gradient is not null && tiles.Sum(tile => tile.Elements) <= sizes.KeptElements ? new Tensor[tiles.Count] : [];
        for (int i = 0; i < tiles.Count; i++)
        {
            using var inner = NewDisposeScope();
            var part = Similarities(tiles[i], scaled, columns);
            Exponentiate(part, tiles[i], collect: true);
            if (kept.Length > 0)
            {
                kept[i] = part.MoveToOuterDisposeScope();
            }
        }

        double terms = Weigh(), steps = timesteps is null ? 0 : new LocalTimesteps(contrast, timesteps, largest).Apply(positives, corrections);
        if (views.Gradient is not null)
        {
            var gradient = views.Gradient.flatten(0, 1);
            for (int i = 0; i < tiles.Count; i++)
            {
                using var inner = NewDisposeScope();
                AddGradient(kept.Length > 0 ? kept[i] : null, tiles[i], scaled, columns, gradient);
            }
        }

        return (terms, steps);
    }

    private static Tensor Similarities(Tile tile, Tensor scaled, Tensor columns)
        => scaled.narrow(0, tile.FirstRow, tile.Rows).mm(columns.narrow(1, tile.FirstColumn, tile.Columns));

    private void AddGradient(Tensor? part, Tile tile, Tensor scaled, Tensor columns, Tensor gradient)
    {
        if (part is null)
        {
            part = Similarities(tile, scaled, columns);
            Exponentiate(part, tile, collect: false);
        }

        Scale(part, tile);
        gradient.narrow(0, tile.FirstRow, tile.Rows).addmm_(part, scaled.narrow(0, tile.FirstColumn, tile.Columns));
        int mirrored = tile.Columns - tile.Square;
        if (mirrored > 0)
        {
            gradient.narrow(0, tile.FirstColumn + tile.Square, mirrored).addmm_(part.narrow(1, tile.Square, mirrored).t(), scaled.narrow(0, tile.FirstRow, tile.Rows));
        }
    }

    // Replaces similarities by exponentials; collects sums and positives.
    private void Exponentiate(Tensor part, Tile tile, bool collect)
    {
        var elements = new TensorElements<T>(part);
        var chunks = Chunks(tile);
        int square = tile.Square, mirrored = collect ? tile.Columns - square : 0;
        T[] columnSums = ArrayPool<T>.Shared.Rent(chunks.Count * mirrored);
        ForEachChunk(tile, chunks, (index, first, count, view) =>
        {
            var mirror = columnSums.AsSpan(index * mirrored, mirrored);
            mirror.Clear();
            for (int r = first; r < first + count; r++)
            {
                var row = elements.Slice((long)(r - tile.FirstRow) * tile.Columns, tile.Columns);
                foreach (var (b, start, end) in new Segments(tile, samples))
                {
                    int own = (b * samples) + r - (view * samples) - tile.FirstColumn;      // the same sample's place in view b
                    if (own >= start && own < end)
                    {
                        Take(row, own, r, view, b, tile, collect);
                    }

                    // Columns have sums of their own where no row of the square has them.
                    int middle = Math.Clamp(square, start, end);
                    double sum = Exponentials.Replace(row[start..middle], largest, []);
                    if (middle < end)
                    {
                        sum += Exponentials.Replace(row[middle..end], largest, collect ? mirror[(middle - square)..(end - square)] : []);
                    }

                    if (collect)
                    {
                        sums[(b * size) + r] += sum;
                    }
                }
            }
        });
        for (int index = 0; index < chunks.Count && mirrored > 0; index++)
        {
            var into = sums.AsSpan((chunks[index].View * size) + tile.FirstColumn + square, mirrored);
            var mirror = columnSums.AsSpan(index * mirrored, mirrored);
            for (int c = 0; c < into.Length; c++)
            {
                into[c] += Number.Widen(mirror[c]);
            }
        }

        ArrayPool<T>.Shared.Return(columnSums);
    }

    // The entry of a row with the same sample in view b: the row itself, or a positive.
    private void Take(Span<T> row, int own, int r, int view, int b, Tile tile, bool collect)
    {
        if (b == view)
        {
            row[own] = T.NegativeInfinity;
        }
        else if (collect)
        {
            positives[(b * size) + r] = Number.Widen(row[own]);
            if (own >= tile.Square)
            {
                positives[(view * size) + tile.FirstColumn + own] = Number.Widen(row[own]);
            }
        }
    }

    // The sum of all terms; turns sums into factors.
    private double Weigh()
    {
        double total = 0;
        double[] candidates = new double[samples], logs = new double[samples], shared = new double[samples];
        for (int a = 0; a < contrast.Views; a++)
        {
            var own = sums.AsSpan((a * size) + (a * samples), samples);
            double weight = Weight(a);
            shared.AsSpan().Clear();
            for (int b = 0; b < contrast.Views; b++)
            {
                if (b == a)
                {
                    continue;
                }

                int place = (b * size) + (a * samples);
                TensorPrimitives.Add<double>(own, sums.AsSpan(place, samples), candidates);
                if (a < contrast.Anchors)
                {
                    TensorPrimitives.Log<double>(candidates, logs);
                    total += TensorPrimitives.Sum<double>(logs) + (samples * largest) - TensorPrimitives.Sum<double>(positives.AsSpan(place, samples));
                }

                TensorPrimitives.Divide(weight, candidates, candidates);
                TensorPrimitives.Add<double>(shared, candidates, shared);
                TensorPrimitives.ConvertTruncating<double, T>(candidates, factors.AsSpan(place, samples));
                corrections.AsSpan(place, samples).Fill(-weight - Weight(b));
            }

            TensorPrimitives.ConvertTruncating<double, T>(shared, factors.AsSpan((a * size) + (a * samples), samples));
        }

        return total;
    }

    private double Weight(int view) => view < contrast.Anchors ? contrast.Weight : 0;

    // Replaces exponentials by the gradient.
    private void Scale(Tensor part, Tile tile)
    {
        var elements = new TensorElements<T>(part);
        ForEachChunk(tile, Chunks(tile), (_, first, count, view) =>
        {
            for (int r = first; r < first + count; r++)
            {
                var row = elements.Slice((long)(r - tile.FirstRow) * tile.Columns, tile.Columns);
                foreach (var (b, start, end) in new Segments(tile, samples))
                {
                    var segment = row[start..end];
                    TensorPrimitives.AddMultiply(factors.AsSpan((view * size) + tile.FirstColumn + start, end - start), factors[(b * size) + r], segment, segment);
                    int own = (b * samples) + r - (view * samples) - tile.FirstColumn;
                    if (b != view && own >= start && own < end)
                    {
                        row[own] += Number.Narrow<T>(corrections[(b * size) + r]);
                    }
                }
            }
        });
    }

    // Rows of one view each; their number does not depend on the threads, so neither does the result.
    private List<(int First, int Count, int View)> Chunks(Tile tile)
    {
        var chunks = new List<(int First, int Count, int View)>();
        int most = (int)Math.Max(1, sizes.ChunkElements / tile.Columns), end = tile.FirstRow + tile.Rows;
        for (int row = tile.FirstRow; row < end;)
        {
            int view = row / samples, count = Math.Min(Math.Min(end, (view + 1) * samples) - row, most);
            chunks.Add((row, count, view));
            row += count;
        }

        return chunks;
    }

    private void ForEachChunk(Tile tile, List<(int First, int Count, int View)> chunks, Action<int, int, int, int> body)
        => Work.ForEachRow(
            chunks.Count,
            (int)Math.Clamp(sizes.ChunkElements * chunks.Count / tile.Elements, 1, chunks.Count),
            () => 0,
            (_, index) => body(index, chunks[index].First, chunks[index].Count, chunks[index].View));

    /// <summary>The columns of a tile, view by view.</summary>
    private readonly ref struct Segments(Tile tile, int samples)
    {
        public Enumerator GetEnumerator() => new(tile, samples);

        public ref struct Enumerator(Tile tile, int samples)
        {
            private int view = (tile.FirstColumn / samples) - 1;

            public readonly (int View, int Start, int End) Current
                => (view, Math.Max(0, (view * samples) - tile.FirstColumn), Math.Min(tile.Columns, ((view + 1) * samples) - tile.FirstColumn));

            public bool MoveNext() => ++view * samples < tile.FirstColumn + tile.Columns;
        }
    }
}
