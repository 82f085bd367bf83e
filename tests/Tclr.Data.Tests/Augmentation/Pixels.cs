using Tclr.Core;

namespace Tclr.Data.Tests;

/// <summary>Runs 8-bit operations on frames, and says what they should give.</summary>
internal static class Pixels
{
    public static ClipResize Whole(int sourceHeight, int sourceWidth, int height, int width, ResizeFilter filter = ResizeFilter.Bilinear)
        => new(new CropBox(0, 0, sourceWidth, sourceHeight), height, width, 0, 0, height, width, filter);

    public static ClipResize Square(double x, double y, double side, int size, ResizeFilter filter = ResizeFilter.Bilinear)
        => new(new CropBox(x, y, side, side), size, size, 0, 0, size, size, filter);

    /// <summary>Pixels <c>[T, H, W, 3]</c> of a window after operations.</summary>
    public static byte[] Run(FrameWindow window, ClipResize resize, params PixelChange[] operations)
        => Run(window, new ClipParameters(resize, ChannelOrder.Rgb, Rounded: true, operations));

    public static byte[] Run(FrameWindow window, ClipParameters parameters)
    {
        int frames = window.Count, area = parameters.Resize.Height * parameters.Resize.Width;
        float[] clip = new float[3 * frames * area];
        ClipExecutor.Run(window, [.. Enumerable.Range(0, frames)], parameters, clip);
        byte[] pixels = new byte[clip.Length];
        for (int t = 0; t < frames; t++)
        {
            for (int i = 0; i < area; i++)
            {
                for (int c = 0; c < 3; c++)
                {
                    float level = clip[(((c * frames) + t) * area) + i] * 255;
                    pixels[(((t * area) + i) * 3) + c] = (byte)Math.Round(level);
                    if (Math.Abs(level - Math.Round(level)) > 1e-4)
                    {
                        Assert.Fail($"{level} is no whole level");
                    }
                }
            }
        }

        return pixels;
    }

    /// <summary>The parameters of a key.</summary>
    public static ClipParameters Draw(this ClipAugmentation augmentation, int height, int width, params ulong[] key)
    {
        var random = CounterRandom.For(key);
        return augmentation.Draw(height, width, ref random);
    }
}
