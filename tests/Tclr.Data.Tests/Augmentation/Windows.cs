using Tclr.Core;

namespace Tclr.Data.Tests;

/// <summary>Frames for augmentation tests, and the outcome of an augmentation.</summary>
internal static class Windows
{
    public static FrameWindow Noise(int count, int height, int width, int seed = 1)
    {
        var window = new FrameWindow(count, height, width);
        for (int t = 0; t < count; t++)
        {
            FakeVideoReader.Frame(seed, t, width, height).CopyTo(window.FrameToFill(t));
        }

        return window;
    }

    public static FrameWindow From(int height, int width, Func<int, int, int, int> value)
    {
        var window = new FrameWindow(1, height, width);
        var pixels = window.FrameToFill(0);
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)value(i / 3 / width, i / 3 % width, i % 3);
        }

        return window;
    }

    public static float[] Apply(this IClipAugmentation augmentation, FrameWindow window, params ulong[] key)
    {
        var random = CounterRandom.For(key);
        int[] positions = [.. Enumerable.Range(0, window.Count)];
        float[] clip = new float[3 * window.Count * augmentation.Height * augmentation.Width];
        augmentation.Apply(window, positions, ref random, clip);
        return clip;
    }
}
