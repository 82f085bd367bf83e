using System.Numerics;
using System.Numerics.Tensors;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>The global-local contrast: timesteps of the global clips matched with local clips, video by video.</summary>
internal static class VideoTimesteps
{
    private const int VideosPerChunk = 8;

    /// <summary>Sums the row and column cross-entropies over all combinations of global views and adds their gradient.</summary>
    /// <param name="slices">Timesteps of the global clips.</param>
    /// <param name="sliceRows">Where they lie.</param>
    /// <param name="locals">The local clips.</param>
    /// <param name="localRows">Where they lie.</param>
    /// <param name="videos">Number of videos.</param>
    /// <param name="temperature">Divides the similarities.</param>
    /// <param name="weight">What a cross-entropy weighs in the gradient.</param>
    /// <returns>The sum of all cross-entropies, unweighted.</returns>
    public static double Sum(FusedInput slices, ClipRows sliceRows, FusedInput locals, ClipRows localRows, int videos, double temperature, double weight)
        => slices.IsDouble
            ? Sum<double>(slices, sliceRows, locals, localRows, videos, temperature, weight)
            : Sum<float>(slices, sliceRows, locals, localRows, videos, temperature, weight);

    private static double Sum<T>(FusedInput slices, ClipRows sliceRows, FusedInput locals, ClipRows localRows, int videos, double temperature, double weight)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var left = new VideoClips<T>.Source(slices, sliceRows);
        var right = new VideoClips<T>.Source(locals, localRows);
        double[] terms = new double[videos];
        Work.ForEachRow(
            videos,
            VideosPerChunk,
            () => (
                Slices: new VideoClips<T>(left),
                Locals: new VideoClips<T>(right),
                Matching: new TimestepMatching(sliceRows.GlobalViews, localRows.GlobalViews, sliceRows.Timesteps),
                Similarities: new double[sliceRows.Count * localRows.Count]),
            (scratch, video) =>
            {
                scratch.Slices.Load(video);
                scratch.Locals.Load(video);
                SmallProducts.Similarities<T>(scratch.Slices.Rows, scratch.Locals.Rows, sliceRows.Length, temperature, scratch.Similarities);
                terms[video] = scratch.Matching.Apply(scratch.Similarities, weight);
                if (left.WantsGradient || right.WantsGradient)
                {
                    SmallProducts.AddGradients<T>(
                        scratch.Similarities, scratch.Slices.Rows, scratch.Locals.Rows, sliceRows.Length, temperature, scratch.Slices.Gradient, scratch.Locals.Gradient);
                    scratch.Slices.Store(video);
                    scratch.Locals.Store(video);
                }
            });
        return terms.Sum();
    }
}

/// <summary>Cross-entropies along the rows and the columns of every <c>T x T</c> block of a video's similarities, target on the diagonal.</summary>
/// <remarks>One object serves one thread.</remarks>
/// <param name="sliceViews">Global views of the slices <c>V</c>: the blocks from top to bottom.</param>
/// <param name="localViews">Global views of the local clips <c>W</c>: the blocks from left to right.</param>
/// <param name="timesteps">Timesteps <c>T</c>.</param>
internal sealed class TimestepMatching(int sliceViews, int localViews, int timesteps)
{
    private readonly int columns = localViews * timesteps;
    private readonly double[] alongRows = new double[sliceViews * timesteps * localViews * timesteps];
    private readonly double[] alongColumns = new double[sliceViews * timesteps * localViews * timesteps];

    // Where each block begins.
    private readonly int[] corners =
    [
        .. from v in Enumerable.Range(0, sliceViews)
           from w in Enumerable.Range(0, localViews)
           select ((v * timesteps * localViews) + w) * timesteps,
    ];

    /// <summary>Replaces the similarities <c>[V * T, W * T]</c> by the gradient of the cross-entropies, times a weight, and gives their sum.</summary>
    public double Apply(Span<double> similarities, double weight)
    {
        double total = Softmax(similarities, alongRows, columns, 1) + Softmax(similarities, alongColumns, 1, columns);
        TensorPrimitives.Add<double>(alongRows, alongColumns, similarities);
        TensorPrimitives.Multiply(similarities, weight, similarities);
        foreach (int corner in corners)
        {
            for (int t = 0; t < timesteps; t++)
            {
                similarities[corner + (t * (columns + 1))] -= 2 * weight;
            }
        }

        return total;
    }

    /// <summary>Softmax along the lines of each block, and the sum of the cross-entropies.</summary>
    /// <param name="similarities">The similarities.</param>
    /// <param name="softmax">Takes the softmax.</param>
    /// <param name="next">Elements from a line to the next.</param>
    /// <param name="step">Elements from a place in a line to the next.</param>
    private double Softmax(ReadOnlySpan<double> similarities, Span<double> softmax, int next, int step)
    {
        double total = 0;
        foreach (int corner in corners)
        {
            for (int line = 0; line < timesteps; line++)
            {
                int start = corner + (line * next);
                double maximum = similarities[start];
                for (int k = 1; k < timesteps; k++)
                {
                    maximum = Math.Max(maximum, similarities[start + (k * step)]);
                }

                for (int k = 0; k < timesteps; k++)
                {
                    softmax[start + (k * step)] = similarities[start + (k * step)] - maximum;
                }

                total -= softmax[start + (line * step)];
            }
        }

        TensorPrimitives.Exp<double>(softmax, softmax);
        foreach (int corner in corners)
        {
            for (int line = 0; line < timesteps; line++)
            {
                int start = corner + (line * next);
                double sum = 0;
                for (int k = 0; k < timesteps; k++)
                {
                    sum += softmax[start + (k * step)];
                }

                for (int k = 0; k < timesteps; k++)
                {
                    softmax[start + (k * step)] /= sum;
                }

                total += Math.Log(sum);
            }
        }

        return total;
    }
}
