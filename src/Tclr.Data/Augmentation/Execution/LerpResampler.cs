using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>Crops and resizes 8-bit frames into planes of bytes.</summary>
internal interface IPixelResampler : IDisposable
{
    /// <summary>The resampler of a filter.</summary>
    static IPixelResampler Of(ClipResize resize, int sourceHeight, int sourceWidth, ChannelOrder channels)
        => resize.Filter == ResizeFilter.BilinearNoAntialias
            ? new LerpResampler(resize, sourceHeight, sourceWidth, channels)
            : WidePixelResampler.TryCreate(resize, sourceHeight, sourceWidth, channels) as IPixelResampler ?? new PixelResampler(resize, sourceHeight, sourceWidth, channels);

    /// <summary>Resamples RGB pixels <c>[H, W, 3]</c> into planes.</summary>
    void Run(ReadOnlySpan<byte> source, PixelFrame target);
}

/// <summary>
/// Bilinear without antialiasing as TensorFlow computes it: along rows, then along columns, <c>a + (b - a) t</c> in single
/// precision, with the fraction cut off at the end. Products are rounded before they are added, so every processor gives the same bytes.
/// </summary>
internal sealed class LerpResampler : IPixelResampler
{
    private readonly LerpAxis columns;
    private readonly LerpAxis rows;
    private readonly int sourceWidth;
    private readonly int stride;
    private readonly bool reversed;
    private readonly float[] buffer;

    public LerpResampler(ClipResize resize, int sourceHeight, int sourceWidth, ChannelOrder channels)
    {
        columns = new LerpAxis(resize.Box.X, resize.Box.Width, sourceWidth, resize.ScaledWidth, resize.Left, resize.Width);
        rows = new LerpAxis(resize.Box.Y, resize.Box.Height, sourceHeight, resize.ScaledHeight, resize.Top, resize.Height);
        this.sourceWidth = sourceWidth;
        reversed = channels == ChannelOrder.Bgr;

        // Two source rows of three planes, resized along x, in whole vectors.
        stride = (resize.Width + PixelLanes.Count - 1) / PixelLanes.Count * PixelLanes.Count;
        buffer = ArrayPool<float>.Shared.Rent(2 * 3 * stride);
        buffer.AsSpan(0, 2 * 3 * stride).Clear();
    }

    public void Dispose() => ArrayPool<float>.Shared.Return(buffer);

    public void Run(ReadOnlySpan<byte> source, PixelFrame target)
    {
        // The row in each half of the buffer; neighboring outputs often share both.
        Span<int> held = [-1, -1];
        for (int y = 0; y < target.Height; y++)
        {
            int first = Resized(source, rows.Lower[y], keep: rows.Upper[y], held), second = Resized(source, rows.Upper[y], keep: rows.Lower[y], held);
            for (int c = 0; c < 3; c++)
            {
                Between(first + (c * stride), second + (c * stride), rows.Shares[y], target.Padded(reversed ? 2 - c : c), y * target.Width);
            }
        }
    }

    // The offset of a source row in the buffer; resizes it into the half that does not hold the row to keep.
    private int Resized(ReadOnlySpan<byte> source, int row, int keep, Span<int> held)
    {
        int half = held.IndexOf(row);
        if (half < 0)
        {
            half = held[0] == keep ? 1 : 0;
            held[half] = row;
            var pixels = source.Slice(row * sourceWidth * 3, sourceWidth * 3);
            for (int x = 0; x < columns.Shares.Length; x++)
            {
                int low = columns.Lower[x] * 3, high = columns.Upper[x] * 3, at = (half * 3 * stride) + x;
                float share = columns.Shares[x];
                for (int c = 0; c < 3; c++)
                {
                    float from = pixels[low + c];
                    buffer[at + (c * stride)] = from + ((pixels[high + c] - from) * share);
                }
            }
        }

        return half * 3 * stride;
    }

    // The last vector of a row may reach into the next one, which is written later, or into the padding of the plane.
    private void Between(int first, int second, float share, Span<byte> plane, int at)
    {
        ref float a = ref buffer[first], b = ref buffer[second];
        ref byte target = ref MemoryMarshal.GetReference(plane);
        for (int x = 0; x < columns.Shares.Length; x += PixelLanes.Count)
        {
            var low = Vector512.LoadUnsafe(ref a, (nuint)x);
            PixelLanes.StoreClipped(low + ((Vector512.LoadUnsafe(ref b, (nuint)x) - low) * share), ref target, (nuint)(at + x));
        }
    }
}

/// <summary>The two source pixels between which each output pixel along one axis lies (half-pixel centers), within the crop.</summary>
internal sealed class LerpAxis
{
    /// <summary>Computes the places.</summary>
    /// <param name="start">Start of the crop, in pixels.</param>
    /// <param name="length">Length of the crop, in pixels.</param>
    /// <param name="size">Number of pixels of the source.</param>
    /// <param name="scaled">Number of pixels that the crop is resized to.</param>
    /// <param name="first">The first output pixel that is kept.</param>
    /// <param name="outputs">Number of output pixels that are kept.</param>
    public LerpAxis(double start, double length, int size, int scaled, int first, int outputs)
    {
        int from = Math.Clamp((int)Math.Floor(start), 0, size - 1);
        int last = Math.Clamp((int)Math.Ceiling(start + length), from + 1, size) - 1;
        float scale = (float)length / scaled, offset = (float)(start - from);
        (Lower, Upper, Shares) = (new int[outputs], new int[outputs], new float[outputs]);
        for (int i = 0; i < outputs; i++)
        {
            float place = ((first + i + 0.5f) * scale) - 0.5f + offset, floor = MathF.Floor(place);
            Lower[i] = Math.Clamp(from + (int)floor, from, last);
            Upper[i] = Math.Clamp(from + (int)MathF.Ceiling(place), from, last);
            Shares[i] = place - floor;
        }
    }

    /// <summary>The pixel before each output pixel.</summary>
    public int[] Lower { get; }

    /// <summary>The pixel after it; the same one if the output lies on a pixel or at the edge.</summary>
    public int[] Upper { get; }

    /// <summary>Distance from the first pixel, 0 to 1.</summary>
    public float[] Shares { get; }
}
