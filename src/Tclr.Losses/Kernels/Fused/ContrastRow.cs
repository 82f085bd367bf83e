using System.Numerics;
using System.Numerics.Tensors;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>A contrast between views of the same samples: the clips of all videos, or the timesteps of one video.</summary>
/// <param name="Views">Number of views <c>V</c>.</param>
/// <param name="Samples">Samples <c>N</c> of each view.</param>
/// <param name="Anchors">How many of the views, the first ones, are anchors.</param>
/// <param name="Temperature">The similarities are divided by it.</param>
/// <param name="Weight">Weight of a term in the gradient.</param>
internal sealed record Contrast(int Views, int Samples, int Anchors, double Temperature, double Weight);

/// <summary>The terms of one anchor against the other views, and their gradient, in place on its row of similarities.</summary>
/// <remarks>
/// <para>
/// The row holds the anchor's similarities (divided by the temperature) with the <c>V * N</c> rows of all views. Each
/// view <c>b</c> other than the anchor's own view <c>a</c> gives one term of NT-Xent:
/// <c>logaddexp(L[a] without the anchor, L[b]) - s[b, i]</c>, <c>L</c> being the log-sum-exp over a view.
/// </para>
/// <para>One object serves one thread.</para>
/// </remarks>
/// <param name="views">Number of views <c>V</c>, 2 or more.</param>
/// <param name="samples">Rows <c>N</c> of each view.</param>
internal sealed class ContrastRow<T>(int views, int samples)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // Vectorized functions of fewer than four elements take ten times as long, so short rows are padded.
    private readonly int padded = Padded(views);
    private readonly double[] positives = new double[views];
    private readonly double[] maxima = new double[Padded(views)];
    private readonly double[] sums = [.. Enumerable.Repeat(1.0, Padded(views))];
    private readonly double[] logSums = new double[Padded(views)];
    private readonly double[] candidates = new double[Padded(views)];
    private readonly double[] scales = new double[2 * Padded(views)];

    /// <summary>Replaces the similarities by the gradient of the anchor's terms and gives their sum.</summary>
    /// <param name="row">The similarities <c>[V * N]</c>; becomes the gradient with respect to them.</param>
    /// <param name="view">The anchor's view <c>a</c>.</param>
    /// <param name="sample">The anchor's sample <c>i</c>.</param>
    /// <param name="weight">Factor of the gradient.</param>
    /// <param name="gradient">Whether to compute the gradient; if not, the row is left in an intermediate state.</param>
    /// <returns>The sum of the <c>V - 1</c> terms.</returns>
    public double Apply(Span<T> row, int view, int sample, double weight, bool gradient)
    {
        if (samples == 1)
        {
            return WithoutNegatives(row);
        }

        ref T self = ref row[(view * samples) + sample];                            // the anchor itself is no candidate
        self = T.NegativeInfinity;
        for (int b = 0; b < views; b++)
        {
            var block = row.Slice(b * samples, samples);
            positives[b] = Number.Widen(block[sample]);
            T maximum = TensorPrimitives.Max<T>(block);
            maxima[b] = Number.Widen(maximum);
            TensorPrimitives.Subtract(block, maximum, block);
        }

        self = T.Zero;                                                              // exp of an infinity is slow
        TensorPrimitives.Exp<T>(row, row);
        self = T.Zero;
        for (int b = 0; b < views; b++)
        {
            sums[b] = Number.Widen(TensorPrimitives.Sum<T>(row.Slice(b * samples, samples)));
        }

        TensorPrimitives.Log<double>(sums, logSums);
        TensorPrimitives.Add<double>(logSums, maxima, logSums);
        double total = Candidates(view);
        if (gradient)
        {
            Scale(row, view, sample, weight);
        }

        return total;
    }

    private static int Padded(int length) => Math.Max(length, 4);

    // Nothing but the positive to choose from: exactly 0, unless a similarity is not finite.
    private static double WithoutNegatives(Span<T> row)
    {
        TensorPrimitives.Subtract<T>(row, row, row);
        return Number.Widen(TensorPrimitives.Sum<T>(row));
    }

    // candidates[b] = logaddexp(logSums[own], logSums[b])
    private double Candidates(int own)
    {
        var distances = scales.AsSpan(0, padded);
        TensorPrimitives.Subtract(logSums, logSums[own], distances);
        TensorPrimitives.Abs<double>(distances, distances);
        TensorPrimitives.Negate<double>(distances, distances);
        TensorPrimitives.Exp<double>(distances, distances);
        TensorPrimitives.LogP1<double>(distances, distances);
        TensorPrimitives.Max(logSums, logSums[own], candidates);
        TensorPrimitives.Add(candidates, distances, candidates);

        double total = 0;
        for (int b = 0; b < views; b++)
        {
            total += b == own ? 0 : candidates[b] - positives[b];
        }

        return total;
    }

    // The gradient is softmax less one at the positive; the anchor's own view takes part in all terms.
    private void Scale(Span<T> row, int own, int sample, double weight)
    {
        var others = scales.AsSpan(0, padded);
        var shared = scales.AsSpan(padded, padded);
        TensorPrimitives.Subtract<double>(maxima, candidates, others);
        TensorPrimitives.Subtract(maxima[own], candidates, shared);
        TensorPrimitives.Exp<double>(scales, scales);
        shared[own] = 0;
        others[own] = TensorPrimitives.Sum<double>(shared[..views]);

        T removed = Number.Narrow<T>(weight);
        for (int b = 0; b < views; b++)
        {
            var block = row.Slice(b * samples, samples);
            TensorPrimitives.Multiply(block, Number.Narrow<T>(weight * others[b]), block);
            if (b != own)
            {
                block[sample] -= removed;
            }
        }
    }
}
