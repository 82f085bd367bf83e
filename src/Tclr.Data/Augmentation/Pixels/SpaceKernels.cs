using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tclr.Data;

/// <inheritdoc cref="FlipHorizontally"/>
internal sealed class FlipKernel : PixelKernel
{
    public override void Apply(PixelFrame frame)
    {
        for (int c = 0; c < 3; c++)
        {
            for (int y = 0; y < frame.Height; y++)
            {
                frame[c].Slice(y * frame.Width, frame.Width).Reverse();
            }
        }
    }
}

/// <inheritdoc cref="Erase"/>
internal sealed class EraseKernel(Erase box) : PixelKernel
{
    public override void Apply(PixelFrame frame)
    {
        int bottom = (int)Math.Min((long)box.Top + box.Height, frame.Height), right = (int)Math.Min((long)box.Left + box.Width, frame.Width);
        for (int c = 0; c < 3; c++)
        {
            for (int y = box.Top; y < bottom; y++)
            {
                frame[c][((y * frame.Width) + box.Left)..((y * frame.Width) + right)].Clear();
            }
        }
    }
}

/// <inheritdoc cref="Blur"/>
internal sealed class BlurKernel : PixelKernel
{
    private readonly Blur blur;
    private readonly float[] weights;
    private readonly int stride;
    private readonly int height;

    public BlurKernel(Blur blur, int height, int width)
    {
        this.blur = blur;
        this.height = height;
        weights = Weights(blur.Sigma, blur.Radius);
        stride = (width + PixelLanes.Count - 1) / PixelLanes.Count * PixelLanes.Count;
    }

    /// <summary>The weights of <c>2 radius + 1</c> taps, adding up to 1.</summary>
    public static float[] Weights(double sigma, int radius)
    {
        double[] taps = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(x => Math.Exp(-x * x / (2 * sigma * sigma)))];
        double sum = taps.Sum();
        return Array.ConvertAll(taps, tap => (float)(tap / sum));
    }

    public override void Apply(PixelFrame frame)
    {
        int radius = blur.Radius, width = frame.Width;
        float[] rented = ArrayPool<float>.Shared.Rent(((height + (2 * radius)) * stride) + stride + (2 * radius));
        try
        {
            var padded = rented.AsSpan(0, stride + (2 * radius));
            var rows = rented.AsSpan(padded.Length, (height + (2 * radius)) * stride);
            for (int c = 0; c < 3; c++)
            {
                var plane = frame[c];
                for (int y = 0; y < height; y++)
                {
                    Pad(plane.Slice(y * width, width), padded);
                    Filter(padded, 1, rows.Slice((y + radius) * stride, stride));
                }

                for (int k = 0; k < radius; k++)
                {
                    Border(rows.Slice(radius * stride, stride), rows.Slice(k * stride, stride));
                    Border(rows.Slice((radius + height - 1) * stride, stride), rows.Slice((radius + height + k) * stride, stride));
                }

                for (int y = 0; y < height; y++)
                {
                    Filter(rows[(y * stride)..], stride, padded[..stride]);
                    for (int x = 0; x < width; x++)
                    {
                        plane[(y * width) + x] = (byte)Math.Min(padded[x] + 0.5f, 255);
                    }
                }
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    private void Pad(ReadOnlySpan<byte> row, Span<float> padded)
    {
        bool black = blur.Border == BlurBorder.Black;
        padded[..blur.Radius].Fill(black ? 0 : row[0]);
        for (int x = 0; x < row.Length; x++)
        {
            padded[blur.Radius + x] = row[x];
        }

        padded[(blur.Radius + row.Length)..].Fill(black ? 0 : row[^1]);
    }

    private void Border(ReadOnlySpan<float> edge, Span<float> outside)
    {
        if (blur.Border == BlurBorder.Black)
        {
            outside.Clear();
        }
        else
        {
            edge.CopyTo(outside);
        }
    }

    // Weighs sources that lie a step apart, vector by vector.
    private void Filter(ReadOnlySpan<float> source, int step, Span<float> target)
    {
        ref float from = ref MemoryMarshal.GetReference(source);
        for (int x = 0; x < stride; x += PixelLanes.Count)
        {
            var sum = Vector256<float>.Zero;
            for (int k = 0; k < weights.Length; k++)
            {
                sum += Vector256.LoadUnsafe(ref from, (nuint)(x + (k * step))) * weights[k];
            }

            sum.CopyTo(target[x..]);
        }
    }
}

/// <inheritdoc cref="Warp"/>
internal sealed class WarpKernel(WarpMap map) : PixelKernel
{
    public override void Apply(PixelFrame frame)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(frame.Area);
        for (int c = 0; c < 3; c++)
        {
            var plane = frame[c][..frame.Area];
            plane.CopyTo(rented);
            map.Run(rented, plane);
        }

        ArrayPool<byte>.Shared.Return(rented);
    }
}
