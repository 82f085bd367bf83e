using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>Exponentials and their sums along rows and columns, in one pass.</summary>
internal static class Exponentials
{
    // Beyond them exp(x) is 0 or infinite in single precision.
    private const float Lowest = -110;
    private const float Highest = 90;

    // Adding it rounds to a whole number, which stands in the lowest bits.
    private const float Rounder = 12_582_912;
    private const float Log2 = 0.693147182f;
    private const float Log2Rest = -1.90465421e-9f;

    /// <summary>Replaces values by <c>exp(value - shift)</c>.</summary>
    /// <param name="values">The values.</param>
    /// <param name="shift">What is subtracted.</param>
    /// <param name="columns">Takes each exponential in addition to what is there; empty for none.</param>
    /// <returns>The sum of the exponentials.</returns>
    public static double Replace<T>(Span<T> values, double shift, Span<T> columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        => typeof(T) == typeof(float)
            ? Replace(MemoryMarshal.Cast<T, float>(values), (float)shift, MemoryMarshal.Cast<T, float>(columns))
            : Replace(MemoryMarshal.Cast<T, double>(values), shift, MemoryMarshal.Cast<T, double>(columns));

    private static double Replace(Span<double> values, double shift, Span<double> columns)
    {
        TensorPrimitives.Subtract(values, shift, values);
        TensorPrimitives.Exp<double>(values, values);
        if (!columns.IsEmpty)
        {
            TensorPrimitives.Add<double>(columns, values, columns);
        }

        return TensorPrimitives.Sum<double>(values);
    }

    private static double Replace(Span<float> values, float shift, Span<float> columns)
    {
        var subtracted = Vector512.Create(shift);
        var sum = Vector512<float>.Zero;
        int whole = values.Length - (values.Length % Vector512<float>.Count);
        ref float value = ref MemoryMarshal.GetReference(values);
        ref float column = ref MemoryMarshal.GetReference(columns);
        for (nuint i = 0; i < (nuint)whole; i += (nuint)Vector512<float>.Count)
        {
            var exponentials = Exp(Vector512.LoadUnsafe(ref value, i) - subtracted);
            exponentials.StoreUnsafe(ref value, i);
            sum += exponentials;
            if (!columns.IsEmpty)
            {
                (Vector512.LoadUnsafe(ref column, i) + exponentials).StoreUnsafe(ref column, i);
            }
        }

        double total = Vector512.Sum(sum);
        if (whole < values.Length)
        {
            Span<float> last = stackalloc float[Vector512<float>.Count];
            values[whole..].CopyTo(last);
            Exp(Vector512.Create<float>(last) - subtracted).CopyTo(last);
            for (int i = whole; i < values.Length; i++)
            {
                values[i] = last[i - whole];
                total += values[i];
                if (!columns.IsEmpty)
                {
                    columns[i] += values[i];
                }
            }
        }

        return total;
    }

    // exp(x) = 2^n exp(r) with |r| at most log(2) / 2, where the Taylor polynomial of degree 7 errs by less than a tenth of an ulp.
    private static Vector512<float> Exp(Vector512<float> x)
    {
        // Comparisons instead of Min and Max: NaN stays.
        x = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(Lowest)), Vector512.Create(Lowest), x);
        x = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(Highest)), Vector512.Create(Highest), x);
        var rounded = Vector512.FusedMultiplyAdd(x, Vector512.Create(1.44269504f), Vector512.Create(Rounder));
        var whole = rounded - Vector512.Create(Rounder);
        var r = Vector512.FusedMultiplyAdd(whole, Vector512.Create(-Log2), x);
        r = Vector512.FusedMultiplyAdd(whole, Vector512.Create(-Log2Rest), r);

        var p = Vector512.FusedMultiplyAdd(r, Vector512.Create(1 / 5040f), Vector512.Create(1 / 720f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1 / 120f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1 / 24f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(1 / 6f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512.Create(0.5f));
        p = Vector512.FusedMultiplyAdd(p, r, Vector512<float>.One);
        p = Vector512.FusedMultiplyAdd(p, r, Vector512<float>.One);

        // 2^n in two factors: one alone is infinite or subnormal near the ends of the range.
        var n = rounded.AsInt32() - Vector512.Create(Rounder).AsInt32();
        var half = Vector512.ShiftRightArithmetic(n, 1);
        return p * Power(half) * Power(n - half);
    }

    private static Vector512<float> Power(Vector512<int> exponent) => Vector512.ShiftLeft(exponent + Vector512.Create(127), 23).AsSingle();
}
