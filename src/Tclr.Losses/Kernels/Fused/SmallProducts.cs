using System.Numerics;
using System.Numerics.Tensors;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>Products of the few rows of one video, too small for a call into a matrix library.</summary>
internal static class SmallProducts
{
    /// <summary><c>similarities = left * right^T / temperature</c> for rows of a given length.</summary>
    public static void Similarities<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, int length, double temperature, Span<double> similarities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = right.Length / length;
        for (int r = 0; r < left.Length / length; r++)
        {
            var row = left.Slice(r * length, length);
            for (int c = 0; c < columns; c++)
            {
                similarities[(r * columns) + c] = Number.Widen(TensorPrimitives.Dot(row, right.Slice(c * length, length))) / temperature;
            }
        }
    }

    /// <summary><c>leftGradient += gradient * right / temperature</c> and <c>rightGradient += gradient^T * left / temperature</c>.</summary>
    public static void AddGradients<T>(
        ReadOnlySpan<double> gradient, ReadOnlySpan<T> left, ReadOnlySpan<T> right, int length, double temperature, Span<T> leftGradient, Span<T> rightGradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int columns = right.Length / length;
        for (int r = 0; r < left.Length / length; r++)
        {
            var row = left.Slice(r * length, length);
            var rowGradient = leftGradient.Slice(r * length, length);
            for (int c = 0; c < columns; c++)
            {
                T factor = Number.Narrow<T>(gradient[(r * columns) + c] / temperature);
                var columnGradient = rightGradient.Slice(c * length, length);
                TensorPrimitives.MultiplyAdd(right.Slice(c * length, length), factor, rowGradient, rowGradient);
                TensorPrimitives.MultiplyAdd(row, factor, columnGradient, columnGradient);
            }
        }
    }
}
