using System.Buffers;
using System.Runtime.InteropServices;

namespace Tclr.Data;

/// <summary>
/// What each output pixel of one axis is made of: bilinear with antialiasing, that is a triangle filter whose support
/// grows with the scale, its weights adding up to 1. All outputs have the same number of taps. The buffers are rented.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct AxisWeights : IDisposable
{
    private readonly int[] starts;
    private readonly float[] weights;
    private readonly int outputs;

    /// <summary>Computes the weights.</summary>
    /// <param name="start">Where the crop starts, in pixels.</param>
    /// <param name="length">How long it is, in pixels.</param>
    /// <param name="size">Number of pixels of the source.</param>
    /// <param name="outputs">Number of pixels of the output.</param>
    public AxisWeights(double start, double length, int size, int outputs)
    {
        // Nothing outside the crop shows, as if the crop had been cut out first.
        From = Math.Clamp((int)Math.Floor(start), 0, size - 1);
        int to = Math.Clamp((int)Math.Ceiling(start + length), From + 1, size);
        double scale = length / outputs, support = Math.Max(scale, 1);
        this.outputs = outputs;
        Taps = Math.Min(((int)Math.Ceiling(support) * 2) + 1, to - From);
        starts = ArrayPool<int>.Shared.Rent(outputs);
        weights = ArrayPool<float>.Shared.Rent(outputs * Taps);
        int reach = 0;
        for (int i = 0; i < outputs; i++)
        {
            reach = Math.Max(reach, Fill(i, start + ((i + 0.5) * scale), support, to));
        }

        Length = to - From;
        Taps = Compact(reach);
    }

    /// <summary>First pixel of the source that is used.</summary>
    public int From { get; }

    /// <summary>Number of pixels of the source that are used.</summary>
    public int Length { get; }

    /// <summary>Number of taps of an output pixel.</summary>
    public int Taps { get; }

    /// <summary>First tap of each output pixel, counted from <see cref="From"/>.</summary>
    public ReadOnlySpan<int> Starts => starts.AsSpan(0, outputs);

    /// <summary>Weights <c>[outputs, Taps]</c>.</summary>
    public ReadOnlySpan<float> Weights => weights.AsSpan(0, outputs * Taps);

    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(starts);
        ArrayPool<float>.Shared.Return(weights);
    }

    // Fills one row of weights and says how many taps from its start it needs.
    private int Fill(int output, double center, double support, int to)
    {
        var row = weights.AsSpan(output * Taps, Taps);
        row.Clear();
        int first = Math.Clamp((int)Math.Floor(center - support + 0.5), From, to - 1);
        int last = Math.Clamp((int)Math.Floor(center + support + 0.5), first + 1, to);
        while (first < last - 1 && Weight(first, center, support) <= 0)
        {
            first++;
        }

        while (last > first + 1 && Weight(last - 1, center, support) <= 0)
        {
            last--;
        }

        double sum = 0;
        for (int x = first; x < last; x++)
        {
            sum += Weight(x, center, support);
        }

        for (int x = first; x < last; x++)
        {
            row[x - first] = sum > 0 ? (float)(Weight(x, center, support) / sum) : 1f / (last - first);
        }

        starts[output] = first - From;
        return last - first;
    }

    // Moves the rows together, and those at the end back, so that every output reads the same number of pixels inside.
    private int Compact(int taps)
    {
        for (int i = 0; i < outputs; i++)
        {
            var row = weights.AsSpan(i * Taps, taps);
            int back = Math.Max(starts[i] + taps - Length, 0);
            if (back > 0)
            {
                row[..(taps - back)].CopyTo(row[back..]);
                row[..back].Clear();
                starts[i] -= back;
            }

            row.CopyTo(weights.AsSpan(i * taps, taps));
        }

        return taps;
    }

    private static double Weight(int pixel, double center, double support) => Math.Max(1 - (Math.Abs(pixel + 0.5 - center) / support), 0);
}
