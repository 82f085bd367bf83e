using System.Buffers;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Data;

public sealed partial class ClipAugmentation
{
    /// <summary>Rotates the clip about its center by a random angle; uncovered corners are black.</summary>
    /// <param name="degrees">Largest angle either way, 0 to 180.</param>
    /// <param name="probability">The probability, 0 to 1. The default value is 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ClipAugmentation Rotate(double degrees, double probability = 1)
    {
        OptionChecker.ThrowIfInvalid(check => check.Between(degrees, 0, 180), nameof(degrees));
        return WithPixels(probability, (_, _, ref random) =>
        {
            var (sin, cos) = Math.SinCos(random.Uniform(-degrees, degrees) * Math.PI / 180);
            return new Warp(cos, sin, -sin, cos);
        });
    }

    /// <summary>Shears the clip about its center along both axes by random angles; uncovered pixels are black.</summary>
    /// <param name="degrees">Largest angle either way of each axis, 0 to 60.</param>
    /// <param name="probability">The probability, 0 to 1. The default value is 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public ClipAugmentation Shear(double degrees, double probability = 1)
    {
        OptionChecker.ThrowIfInvalid(check => check.Between(degrees, 0, 60), nameof(degrees));
        return WithPixels(probability, (_, _, ref random) => new Warp(1, Tangent(ref random), Tangent(ref random), 1));
        double Tangent(ref CounterRandom random) => Math.Tan(random.Uniform(-degrees, degrees) * Math.PI / 180);
    }
}

/// <summary>
/// Transforms the pixels by an affine map about the center, with bilinear interpolation and black outside of the frame:
/// the output at offset <c>(x, y)</c> from the center is the input at <c>(xx x + xy y, yx x + yy y)</c>.
/// </summary>
internal sealed class Warp(double xx, double xy, double yx, double yy) : PixelChange
{
    // Fractional bits of a weight.
    private const int Bits = 16;

    // Four source pixels and weights for each output pixel; the weights sum to 1, or to less at the edge.
    private (int[] Places, int[] Weights)? map;

    public override void Apply(PixelFrame frame)
    {
        var (places, weights) = MapOf(frame.Height, frame.Width);
        byte[] rented = ArrayPool<byte>.Shared.Rent(frame.Area);
        for (int c = 0; c < 3; c++)
        {
            var plane = frame[c];
            plane.CopyTo(rented);
            for (int i = 0; i < plane.Length; i++)
            {
                int sum = 1 << (Bits - 1);
                for (int k = i * 4; k < (i * 4) + 4; k++)
                {
                    sum += rented[places[k]] * weights[k];
                }

                plane[i] = (byte)(sum >> Bits);
            }
        }

        ArrayPool<byte>.Shared.Return(rented);
    }

    public override Tensor ApplyToTensor(Tensor levels, IReadOnlyList<PixelChange> changes)
    {
        long[] shape = levels.shape;
        int area = (int)(shape[3] * shape[4]);
        return stack(changes.Select((change, n) =>
        {
            var (places, weights) = ((Warp)change).MapOf((int)shape[3], (int)shape[4]);
            var pixels = levels.select(0, n).reshape(-1, area);
            var sum = zeros([1], device: levels.device) + (float)(1 << (Bits - 1));
            var at = HostTransfer.Upload(tensor(Array.ConvertAll(places, place => (long)place), [area, 4]), levels.device);
            var weight = HostTransfer.Upload(tensor(Array.ConvertAll(weights, value => (float)value), [area, 4]), levels.device);
            for (int k = 0; k < 4; k++)
            {
                sum = sum + (pixels.index_select(1, at.select(1, k)) * weight.select(1, k));
            }

            return TensorLevels.Truncated(sum / (float)(1 << Bits)).reshape(shape[1], shape[2], shape[3], shape[4]);
        }));
    }

    private (int[] Places, int[] Weights) MapOf(int height, int width)
    {
        if (map is { } known)
        {
            return known;
        }

        int[] places = new int[height * width * 4], weights = new int[height * width * 4];
        double middleX = (width - 1) / 2.0, middleY = (height - 1) / 2.0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double dx = x - middleX, dy = y - middleY;
                double u = middleX + (xx * dx) + (xy * dy), v = middleY + (yx * dx) + (yy * dy);
                if (u > -1 && v > -1 && u < width && v < height)
                {
                    Fill(((y * width) + x) * 4, u, v);
                }
            }
        }

        map = (places, weights);
        return (places, weights);

        void Fill(int at, double u, double v)
        {
            const int one = 1 << (Bits / 2);
            int x = (int)Math.Floor(u), y = (int)Math.Floor(v);
            int across = (int)Math.Round((u - x) * one), down = (int)Math.Round((v - y) * one);
            for (int k = 0; k < 4; k++)
            {
                int px = x + (k & 1), py = y + (k >> 1);
                if (px >= 0 && px < width && py >= 0 && py < height)
                {
                    places[at + k] = (py * width) + px;
                    weights[at + k] = ((k & 1) == 0 ? one - across : across) * (k >> 1 == 0 ? one - down : down);
                }
            }
        }
    }
}
