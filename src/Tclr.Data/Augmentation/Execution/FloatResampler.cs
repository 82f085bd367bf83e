using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tclr.Data;

/// <summary>
/// Crops and resizes the frames of a clip, first along rows, then along columns. Vectors have a fixed width and products
/// are rounded before they are added, so every processor gives the same bits.
/// </summary>
internal static class FloatResampler
{
    private const int Channels = 3;

    /// <summary>Resamples 8-bit RGB frames into planes.</summary>
    /// <param name="source">The frames.</param>
    /// <param name="positions">Which of them, in order.</param>
    /// <param name="box">The crop.</param>
    /// <param name="height">Height of the output.</param>
    /// <param name="width">Width of the output.</param>
    /// <param name="destination">Receives <c>[3, T, height, width]</c>, values 0 to 255.</param>
    /// <returns>The mean of each channel.</returns>
    public static Vector3 Resample(FrameWindow source, ReadOnlySpan<int> positions, CropBox box, int height, int width, Span<float> destination)
    {
        using var columns = new AxisWeights(box.X, box.Width, source.Width, width);
        using var rows = new AxisWeights(box.Y, box.Height, source.Height, height);

        // One source row as floats, with room for the fourth lane of the last pixel; then all rows, resized along x.
        int rowLength = (columns.Length * Channels) + 1;
        int planeLength = rows.Length * width;
        float[] rented = ArrayPool<float>.Shared.Rent(rowLength + (Channels * planeLength));
        try
        {
            var row = rented.AsSpan(0, rowLength);
            row[^1] = 0;
            var resized = rented.AsSpan(rowLength, Channels * planeLength);
            Span<double> sums = [0, 0, 0];
            int area = height * width;
            for (int t = 0; t < positions.Length; t++)
            {
                var frame = source.Frame(positions[t]);
                for (int y = 0; y < rows.Length; y++)
                {
                    int at = (((rows.From + y) * source.Width) + columns.From) * Channels;
                    Widen(frame.Slice(at, columns.Length * Channels), row);
                    AlongRow(row, columns, resized[(y * width)..], planeLength, width);
                }

                for (int c = 0; c < Channels; c++)
                {
                    var plane = destination.Slice(((c * positions.Length) + t) * area, area);
                    sums[c] += AlongColumns(resized.Slice(c * planeLength, planeLength), rows, plane, width);
                }
            }

            double count = (double)positions.Length * area;
            return new Vector3((float)(sums[0] / count), (float)(sums[1] / count), (float)(sums[2] / count));
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private static void Widen(ReadOnlySpan<byte> bytes, Span<float> floats)
    {
        int i = 0;
        ref byte from = ref MemoryMarshal.GetReference(bytes);
        ref float to = ref MemoryMarshal.GetReference(floats);
        for (; i <= bytes.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref from, (nuint)i));
            Store(low, ref to, i);
            Store(high, ref to, i + 8);
        }

        for (; i < bytes.Length; i++)
        {
            floats[i] = bytes[i];
        }

        static void Store(Vector128<ushort> values, ref float to, int at)
        {
            var (low, high) = Vector128.Widen(values);
            Vector128.ConvertToSingle(low.AsInt32()).StoreUnsafe(ref to, (nuint)at);
            Vector128.ConvertToSingle(high.AsInt32()).StoreUnsafe(ref to, (nuint)at + 4);
        }
    }

    // A vector holds one pixel (R, G, B and an unused lane), so all channels are weighted at once.
    private static void AlongRow(ReadOnlySpan<float> row, in AxisWeights columns, Span<float> resized, int planeLength, int width)
    {
        var starts = columns.Starts;
        var weights = columns.Weights;
        int taps = columns.Taps;
        var red = resized[..width];
        var green = resized.Slice(planeLength, width);
        var blue = resized.Slice(2 * planeLength, width);
        for (int x = 0; x < starts.Length; x++)
        {
            int at = starts[x] * Channels;
            var sum = Vector128<float>.Zero;
            foreach (float weight in weights.Slice(x * taps, taps))
            {
                sum += Vector128.Create(row.Slice(at, 4)) * weight;
                at += Channels;
            }

            red[x] = sum.GetElement(0);
            green[x] = sum.GetElement(1);
            blue[x] = sum.GetElement(2);
        }
    }

    private static double AlongColumns(ReadOnlySpan<float> resized, in AxisWeights rows, Span<float> plane, int width)
    {
        var starts = rows.Starts;
        var weights = rows.Weights;
        int taps = rows.Taps;
        var sums = Vector256<float>.Zero;
        double rest = 0;
        for (int y = 0; y < starts.Length; y++)
        {
            var source = resized.Slice(starts[y] * width, taps * width);
            var row = weights.Slice(y * taps, taps);
            var output = plane.Slice(y * width, width);
            int x = 0;
            for (; x <= width - Vector256<float>.Count; x += Vector256<float>.Count)
            {
                var sum = Vector256<float>.Zero;
                for (int k = 0; k < row.Length; k++)
                {
                    sum += Vector256.Create(source[((k * width) + x)..]) * row[k];
                }

                sum.CopyTo(output[x..]);
                sums += sum;
            }

            for (; x < width; x++)
            {
                float sum = 0;
                for (int k = 0; k < row.Length; k++)
                {
                    sum += source[(k * width) + x] * row[k];
                }

                output[x] = sum;
                rest += sum;
            }
        }

        return Vector256.Sum(sums) + rest;
    }
}

/// <summary>
/// The weights of each output pixel along one axis: bilinear with antialiasing, that is, a triangle filter whose support
/// grows with the scale. The weights of a pixel sum to 1. All outputs have the same number of taps. The buffers are rented.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct AxisWeights : IDisposable
{
    private readonly int[] starts;
    private readonly float[] weights;
    private readonly int outputs;

    /// <summary>Computes the weights.</summary>
    /// <param name="start">Start of the crop, in pixels.</param>
    /// <param name="length">Length of the crop, in pixels.</param>
    /// <param name="size">Number of pixels of the source.</param>
    /// <param name="outputs">Number of pixels of the output.</param>
    public AxisWeights(double start, double length, int size, int outputs)
    {
        // Pixels outside the crop have no weight, as if the frame had been cropped first.
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

    // Fills one row of weights and returns how many taps from its start it needs.
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

    // Packs the rows, and moves those at the end back, so that every output reads the same number of pixels within the source.
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
