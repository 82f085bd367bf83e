using Tclr.Core;

namespace Tclr.Data.Tests;

/// <summary>Each implementation of the 8-bit resize against plain loops over the same weights.</summary>
public sealed class PixelResamplerTests
{
    [Test]
    public void Every_implementation_gives_the_bytes_of_plain_loops([Values] bool wide, [Values(ResizeFilter.Bilinear, ResizeFilter.Bicubic)] ResizeFilter filter)
    {
        var random = new Random(5);
        for (int round = 0; round < 60; round++)
        {
            int height = random.Next(1, 60), width = random.Next(1, 90);
            double boxWidth = 0.5 + (random.NextDouble() * (width - 0.5)), boxHeight = 0.5 + (random.NextDouble() * (height - 0.5));
            var box = new CropBox(random.NextDouble() * (width - boxWidth), random.NextDouble() * (height - boxHeight), boxWidth, boxHeight);
            int outHeight = random.Next(1, 40), outWidth = random.Next(1, 60), top = random.Next(0, 3), left = random.Next(0, 3);
            var resize = new ClipResize(box, outHeight + top, outWidth + left, top, left, outHeight, outWidth, filter);
            var channels = round % 2 == 0 ? ChannelOrder.Rgb : ChannelOrder.Bgr;
            using IPixelResampler? resampler = wide
                ? WidePixelResampler.TryCreate(resize, height, width, channels)
                : new PixelResampler(resize, height, width, channels);
            if (resampler is null)
            {
                continue;
            }

            using var window = Windows.Noise(1, height, width, round);
            using var clip = new PixelClip(1, outHeight, outWidth);
            resampler.Run(window.Frame(0), clip[0]);
            byte[] expected = Plain(window.Frame(0), resize, height, width, channels);
            for (int c = 0; c < 3; c++)
            {
                Assert.That(clip[0][c].SequenceEqual(expected.AsSpan(c * outHeight * outWidth, outHeight * outWidth)), Is.True, $"round {round}, channel {c}");
            }
        }
    }

    private static byte[] Plain(ReadOnlySpan<byte> frame, ClipResize resize, int height, int width, ChannelOrder channels)
    {
        var box = resize.Box;
        var columns = new FixedWeights(box.X, box.Width, width, resize.ScaledWidth, resize.Left, resize.Width, resize.Filter);
        var rows = new FixedWeights(box.Y, box.Height, height, resize.ScaledHeight, resize.Top, resize.Height, resize.Filter);
        byte[] result = new byte[3 * resize.Height * resize.Width];
        byte[] resized = new byte[rows.Length];
        for (int c = 0; c < 3; c++)
        {
            for (int x = 0; x < resize.Width; x++)
            {
                for (int v = 0; v < rows.Length; v++)
                {
                    int sum = FixedWeights.Half;
                    for (int k = 0; k < columns.Taps; k++)
                    {
                        int u = columns.From + columns.Starts[x] + k;
                        sum += columns.Weights[(x * columns.Taps) + k] * frame[((((rows.From + v) * width) + u) * 3) + c];
                    }

                    resized[v] = (byte)Math.Clamp(sum >> FixedWeights.Bits, 0, 255);
                }

                for (int y = 0; y < resize.Height; y++)
                {
                    int sum = FixedWeights.Half;
                    for (int k = 0; k < rows.Taps; k++)
                    {
                        sum += rows.Weights[(y * rows.Taps) + k] * resized[rows.Starts[y] + k];
                    }

                    int plane = channels == ChannelOrder.Bgr ? 2 - c : c;
                    result[(((plane * resize.Height) + y) * resize.Width) + x] = (byte)Math.Clamp(sum >> FixedWeights.Bits, 0, 255);
                }
            }
        }

        return result;
    }
}
