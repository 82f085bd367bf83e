using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Blurs with a Gaussian of random width.</summary>
    /// <param name="low">Smallest standard deviation in pixels, 0.001 or more.</param>
    /// <param name="high">Largest standard deviation, 100 at most.</param>
    /// <param name="probability">The probability, 0 to 1. The default value is 1.</param>
    /// <param name="radius">Taps on either side, 0 to 300; <see langword="null"/> for three standard deviations, rounded up.</param>
    /// <param name="zeroPadding">Whether the picture is padded with zeros (CVRL) instead of its edge pixels. The default value is <see langword="false"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ClipAugmentation GaussianBlur(double low, double high, double probability = 1, int? radius = null, bool zeroPadding = false)
    {
        CheckRange(low, high, 0.001, 100, "standard deviations");
        OptionChecker.ThrowIfInvalid(check => check.Between(radius ?? 0, 0, 300, nameof(radius)), nameof(radius));
        return WithPixels(probability, (_, _, ref random) =>
        {
            double sigma = random.Uniform(low, high);
            return new Blur(sigma, radius ?? (int)Math.Ceiling(3 * sigma), zeroPadding);
        });
    }
}

/// <summary>Convolves with a Gaussian, along rows, then along columns; rounded once at the end.</summary>
internal sealed class Blur(double sigma, int radius, bool zeroPadding = false) : PixelChange
{
    private float[]? weights;

    public int Radius => radius;

    public bool ZeroPadding => zeroPadding;

    // 2 radius + 1 taps with sum 1.
    private float[] Weights => weights ??= Normalized([.. Enumerable.Range(-radius, (2 * radius) + 1).Select(x => Math.Exp(-x * x / (2 * sigma * sigma)))]);

    public override void Apply(PixelFrame frame)
    {
        int height = frame.Height, width = frame.Width, stride = (width + PixelLanes.Count - 1) / PixelLanes.Count * PixelLanes.Count;
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
                    Extend(rows.Slice(radius * stride, stride), rows.Slice(k * stride, stride));
                    Extend(rows.Slice((radius + height - 1) * stride, stride), rows.Slice((radius + height + k) * stride, stride));
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

    // A Gaussian along an axis, including the border, is one matrix per clip.
    public override Tensor ApplyToTensor(Tensor levels, IReadOnlyList<PixelChange> changes)
    {
        long[] shape = levels.shape;
        var across = levels.reshape(shape[0], -1, shape[4]).bmm(Matrices(changes, (int)shape[4], levels.device)).reshape(shape).transpose(3, 4).contiguous();
        var down = across.reshape(shape[0], -1, shape[3]).bmm(Matrices(changes, (int)shape[3], levels.device));
        return TensorLevels.Truncated((down + 0.5f).clamp(0, 255)).reshape(shape[0], shape[1], shape[2], shape[4], shape[3]).transpose(3, 4);
    }

    private static Tensor Matrices(IReadOnlyList<PixelChange> changes, int size, Device device)
    {
        float[] matrices = new float[changes.Count * size * size];
        for (int n = 0; n < changes.Count; n++)
        {
            var blur = (Blur)changes[n];
            float[] taps = blur.Weights;
            for (int x = 0; x < size; x++)
            {
                for (int k = 0; k < taps.Length; k++)
                {
                    int from = x + k - blur.Radius;
                    if (!blur.ZeroPadding || (from >= 0 && from < size))
                    {
                        matrices[(((n * size) + Math.Clamp(from, 0, size - 1)) * size) + x] += taps[k];
                    }
                }
            }
        }

        return HostTransfer.Upload(tensor(matrices, [changes.Count, size, size]), device);
    }

    private static float[] Normalized(double[] taps)
    {
        double sum = taps.Sum();
        return Array.ConvertAll(taps, tap => (float)(tap / sum));
    }

    private void Pad(ReadOnlySpan<byte> row, Span<float> padded)
    {
        padded[..radius].Fill(zeroPadding ? 0 : row[0]);
        for (int x = 0; x < row.Length; x++)
        {
            padded[radius + x] = row[x];
        }

        padded[(radius + row.Length)..].Fill(zeroPadding ? 0 : row[^1]);
    }

    private void Extend(ReadOnlySpan<float> edge, Span<float> outside)
    {
        if (zeroPadding)
        {
            outside.Clear();
        }
        else
        {
            edge.CopyTo(outside);
        }
    }

    // Computes the weighted sum of sources a step apart, vector by vector.
    private void Filter(ReadOnlySpan<float> source, int step, Span<float> target)
    {
        float[] taps = Weights;
        ref float from = ref MemoryMarshal.GetReference(source);
        for (int x = 0; x < target.Length; x += PixelLanes.Count)
        {
            var sum = Vector512<float>.Zero;
            for (int k = 0; k < taps.Length; k++)
            {
                sum += Vector512.LoadUnsafe(ref from, (nuint)(x + (k * step))) * taps[k];
            }

            sum.CopyTo(target[x..]);
        }
    }
}
