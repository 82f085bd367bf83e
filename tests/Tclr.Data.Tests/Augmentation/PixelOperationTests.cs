namespace Tclr.Data.Tests;

/// <summary>8-bit operations against plain loops, at sizes that do not fit vectors.</summary>
public sealed class PixelOperationTests
{
    private const int Height = 13;
    private const int Width = 19;

    [Test]
    public void Hue_equals_mixed_precision_for_every_color([Values(1, 25, 77, 128, 239)] int shift)
    {
        using var clip = new PixelClip(1, 256, 256);
        var change = new ShiftHue((byte)shift);
        int wrong = 0;
        for (int blue = 0; blue < 256; blue += 3)
        {
            var frame = clip[0];
            for (int i = 0; i < frame.Area; i++)
            {
                (frame[0][i], frame[1][i], frame[2][i]) = ((byte)(i >> 8), (byte)i, (byte)blue);
            }

            change.Apply(frame);
            for (int i = 0; i < frame.Area; i++)
            {
                wrong += (frame[0][i], frame[1][i], frame[2][i]) == Hue((byte)(i >> 8), (byte)i, (byte)blue, shift) ? 0 : 1;
            }
        }

        Assert.That(wrong, Is.Zero);
    }

    [Test]
    public void A_table_replaces_each_level_at_any_length()
    {
        byte[] table = [.. Enumerable.Range(0, 256).Select(level => (byte)((level * 77) + 13))];
        for (int length = 0; length < 400; length++)
        {
            byte[] levels = [.. Enumerable.Range(0, length).Select(i => (byte)((i * 39) + length))];
            byte[] expected = [.. levels.Select(level => table[level])];
            LevelMap.Apply(table, levels);
            Assert.That(levels, Is.EqualTo(expected));
        }
    }

    [TestCase(0.3f)]
    [TestCase(1.7f)]
    public void Factors_equal_plain_loops(float factor)
    {
        using var window = Windows.Noise(2, Height, Width);
        byte[] plain = [.. window.Frame(0), .. window.Frame(1)];
        int[] lumas = [.. Enumerable.Range(0, plain.Length / 3).Select(i => Luma(plain[i * 3], plain[(i * 3) + 1], plain[(i * 3) + 2]))];
        int area = Height * Width;
        int[] frameMeans = [.. lumas.Chunk(area).Select(frame => (int)(frame.Average() + 0.5))];
        float[] clipMeans = [.. Enumerable.Range(0, 3).Select(c => (float)plain.Where((_, i) => i % 3 == c).Average(level => level))];
        Assert.Multiple(() =>
        {
            Assert.That(Run(window, new AdjustBrightness(factor)), Is.EqualTo(plain.Select(x => Blend(0, x, factor))));
            Assert.That(Run(window, new AdjustContrast(factor)), Is.EqualTo(plain.Select((x, i) => Blend(frameMeans[i / 3 / area], x, factor))));
            Assert.That(Run(window, new AdjustContrast(factor, clipMean: true)), Is.EqualTo(plain.Select((x, i) => Blend(clipMeans[i % 3], x, factor))));
            Assert.That(Run(window, new AdjustSaturation(factor)), Is.EqualTo(plain.Select((x, i) => Blend(lumas[i / 3], x, factor))));
            Assert.That(Run(window, new ToGray()), Is.EqualTo(plain.Select((_, i) => (byte)lumas[i / 3])));
        });
    }

    [Test]
    public void Clip_contrast_sees_what_the_operations_before_left()
    {
        using var window = Windows.Noise(3, Height, Width);
        byte[] once = Run(window, new AdjustBrightness(0.5f));
        float[] means = [.. Enumerable.Range(0, 3).Select(c => (float)once.Where((_, i) => i % 3 == c).Average(level => level))];
        byte[] expected = [.. once.Select((x, i) => (byte)(255 - Blend(means[i % 3], x, 1.5f)))];
        Assert.That(
            Run(window, new AdjustBrightness(0.5f), new AdjustContrast(1.5f, clipMean: true), new Solarize(0)), Is.EqualTo(expected));

        // Two in a row, and one at the start.
        byte[] first = Run(window, new AdjustContrast(0.5f, clipMean: true));
        using var again = new FrameWindow(3, Height, Width);
        for (int t = 0; t < 3; t++)
        {
            first.AsSpan(t * Height * Width * 3, Height * Width * 3).CopyTo(again.FrameToFill(t));
        }

        Assert.That(
            Run(window, new AdjustContrast(0.5f, clipMean: true), new AdjustContrast(1.8f, clipMean: true)),
            Is.EqualTo(Run(again, new AdjustContrast(1.8f, clipMean: true))));
    }

    [Test]
    public void Places_move_as_they_should()
    {
        using var window = Windows.Noise(1, Height, Width);
        byte[] plain = window.Frame(0).ToArray();
        byte At(int y, int x, int c) => plain[(((y * Width) + x) * 3) + c];
        byte[] flipped = Run(window, new FlipHorizontally());
        byte[] erased = Run(window, new Erase(10, 3, 9, 20));
        byte[] dropped = Run(window, new DropChannel(2));
        byte[] solarized = Run(window, new Solarize(128));
        byte[] turned = Run(window, new Warp(-1, 0, 0, -1));
        byte[] still = Run(window, new Warp(1, 0, 0, 1));
        for (int i = 0; i < plain.Length; i++)
        {
            int c = i % 3, x = i / 3 % Width, y = i / 3 / Width;
            Assert.That(flipped[i], Is.EqualTo(At(y, Width - 1 - x, c)));
            Assert.That(erased[i], Is.EqualTo(y >= 10 && x >= 3 ? 0 : plain[i]));
            Assert.That(dropped[i], Is.EqualTo(c == 2 ? 0 : plain[i]));
            Assert.That(solarized[i], Is.EqualTo(plain[i] >= 128 ? 255 - plain[i] : plain[i]));
            Assert.That(turned[i], Is.EqualTo(At(Height - 1 - y, Width - 1 - x, c)));
        }

        Assert.That(still, Is.EqualTo(plain));
    }

    [TestCase(0.1, 3, false)]
    [TestCase(1.3, 4, false)]
    [TestCase(2, 11, true)]
    [TestCase(1, 0, true)]
    public void Blur_is_a_convolution(double sigma, int radius, bool zeroPadding)
    {
        using var window = Windows.Noise(1, Height, Width);
        byte[] plain = window.Frame(0).ToArray();
        double[] weights = [.. Enumerable.Range(-radius, (2 * radius) + 1).Select(k => Math.Exp(-k * k / (2 * sigma * sigma)))];
        double total = weights.Sum();
        double Pixel(int y, int x, int c)
        {
            bool inside = y >= 0 && y < Height && x >= 0 && x < Width;
            return !inside && zeroPadding ? 0 : plain[(((Math.Clamp(y, 0, Height - 1) * Width) + Math.Clamp(x, 0, Width - 1)) * 3) + c];
        }

        byte[] blurred = Run(window, new Blur(sigma, radius, zeroPadding));
        for (int i = 0; i < plain.Length; i++)
        {
            int c = i % 3, x = i / 3 % Width, y = i / 3 / Width;
            double sum = 0;
            for (int v = -radius; v <= radius; v++)
            {
                for (int u = -radius; u <= radius; u++)
                {
                    sum += weights[v + radius] * weights[u + radius] / (total * total) * Pixel(y + v, x + u, c);
                }
            }

            Assert.That(blurred[i], Is.EqualTo(sum).Within(0.501));
        }
    }

    [Test]
    public void Warp_is_bilinear_and_black_outside()
    {
        using var window = Windows.Noise(1, Height, Width);
        byte[] plain = window.Frame(0).ToArray();
        var warp = new Warp(0.8, 0.35, -0.3, 0.9);
        byte[] warped = Run(window, warp);
        double Pixel(int y, int x, int c) => y >= 0 && y < Height && x >= 0 && x < Width ? plain[(((y * Width) + x) * 3) + c] : 0;
        for (int i = 0; i < plain.Length; i++)
        {
            int c = i % 3;
            double dx = (i / 3 % Width) - ((Width - 1) / 2.0), dy = (i / 3 / Width) - ((Height - 1) / 2.0);
            double u = ((Width - 1) / 2.0) + (0.8 * dx) + (0.35 * dy), v = ((Height - 1) / 2.0) - (0.3 * dx) + (0.9 * dy);
            int x = (int)Math.Floor(u), y = (int)Math.Floor(v);
            double expected = ((1 - v + y) * (((1 - u + x) * Pixel(y, x, c)) + ((u - x) * Pixel(y, x + 1, c)))) + ((v - y) * (((1 - u + x) * Pixel(y + 1, x, c)) + ((u - x) * Pixel(y + 1, x + 1, c))));
            Assert.That(warped[i], Is.EqualTo(expected).Within(2));
        }
    }

    [Test]
    public void Shares_of_full_are_quotients()
    {
        for (int level = 0; level < 256; level++)
        {
            Assert.That(PixelLanes.Share(System.Runtime.Intrinsics.Vector512.Create((float)level))[0], Is.EqualTo(level / 255f));
        }
    }

    [Test]
    public void The_fallback_for_other_processors_gives_the_same_products()
    {
        var random = Core.CounterRandom.For(5);
        for (int i = 0; i < 1000; i++)
        {
            var left = System.Runtime.Intrinsics.Vector256.Create((short)random.NextInt32(0, 256), (short)random.NextInt32(0, 256), 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255);
            var right = System.Runtime.Intrinsics.Vector256.Create((short)random.NextInt32(-300, 2049)) - left;
            Assert.That(PixelLanes.MultiplyAddAdjacentPortable(left, right), Is.EqualTo(PixelLanes.MultiplyAddAdjacent(left, right)));
        }
    }

    private static byte[] Run(FrameWindow window, params PixelChange[] operations)
        => Pixels.Run(window, Pixels.Whole(Height, Width, Height, Width), operations);

    private static int Luma(int r, int g, int b) => ((19595 * r) + (38470 * g) + (7471 * b) + 32768) >> 16;

    private static byte Blend(float from, int x, float factor) => (byte)Math.Clamp(from + (factor * (x - from)), 0, 255);

    // H and S are cut off, the way back rounded half up, in the precisions that Pillow has.
    private static (byte R, byte G, byte B) Hue(byte r, byte g, byte b, int shift)
    {
        int most = Math.Max(r, Math.Max(g, b)), least = Math.Min(r, Math.Min(g, b)), range = most - least;
        if (range == 0)
        {
            return (r, g, b);
        }

        float fr = (float)(most - r) / range, fg = (float)(most - g) / range, fb = (float)(most - b) / range;
        float h = r == most ? fb - fg : g == most ? (float)(2.0 + fr - fb) : (float)(4.0 + fg - fr);
        h = (float)(((h / 6.0) + 1.0) % 1.0);
        int hue = ((int)(h * 255.0) + shift) & 255, saturation = (int)((float)range / most * 255.0);
        if (saturation == 0)
        {
            return ((byte)most, (byte)most, (byte)most);
        }

        int sixth = hue * 6 / 255;
        float f = (float)((hue * 6.0 / 255.0) - sixth), s = (float)(saturation / 255.0);
        byte p = Round(most * (1.0 - s)), q = Round(most * (1.0 - (s * f))), t = Round(most * (1.0 - (s * (1.0 - f)))), v = (byte)most;
        return (sixth % 6) switch { 0 => (v, t, p), 1 => (q, v, p), 2 => (p, v, t), 3 => (p, q, v), 4 => (t, p, v), _ => (v, p, q) };

        static byte Round(double x) => (byte)Math.Floor(x + 0.5);
    }
}
