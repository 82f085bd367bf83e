using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tclr.Data;

/// <summary>
/// Crops and resizes the frames of a clip, first along rows, then along columns. Vectors have a fixed width and products
/// are rounded before they are added, so every processor gives the same bits.
/// </summary>
internal static class ClipResampler
{
    private const int Channels = 3;

    /// <summary>Resamples 8-bit RGB frames into planes.</summary>
    /// <param name="source">The frames.</param>
    /// <param name="positions">Which of them, in order.</param>
    /// <param name="box">The part of each that shows.</param>
    /// <param name="height">Height of the output.</param>
    /// <param name="width">Width of the output.</param>
    /// <param name="destination">Takes <c>[3, T, height, width]</c>, values 0 to 255.</param>
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

    // A vector holds one pixel (R, G, B and a lane that is dropped), so all channels are weighted at once.
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
