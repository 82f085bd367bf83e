using static TorchSharp.torch;

namespace Tclr.Testing;

/// <summary>The inputs of the golden values, made by formula.</summary>
internal static class Golden
{
    /// <summary><c>sin(0.37 i + 0.11 (i^2 mod 97) + phase)</c> of the flat index, float64. The caller disposes it.</summary>
    public static Tensor SinT(double phase, params long[] shape)
        => tensor(Fill(shape, i => Math.Sin((0.37 * i) + (0.11 * (i * i % 97)) + phase)), shape);

    /// <summary>A hash of the flat index in [-1, 1), float64. The caller disposes it.</summary>
    public static Tensor Hash(uint seed, params long[] shape) => tensor(Fill(shape, i => HashAt(seed, i)), shape);

    public static double HashAt(uint seed, long index)
    {
        unchecked
        {
            uint x = ((uint)(index + 1) * 2654435761u) + ((seed + 1) * 2246822519u);
            x ^= x >> 15;
            x *= 2246822519u;
            x ^= x >> 13;
            x *= 3266489917u;
            x ^= x >> 16;
            return (x / 2147483648.0) - 1;
        }
    }

    private static double[] Fill(long[] shape, Func<long, double> value)
    {
        var values = new double[shape.Aggregate(1L, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = value(i);
        }

        return values;
    }
}
