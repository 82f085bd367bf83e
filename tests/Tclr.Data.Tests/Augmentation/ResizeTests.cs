using Tclr.Core;

namespace Tclr.Data.Tests;

public sealed class ResizeTests
{
    [TestCase(32, 32, 32, 32)]
    [TestCase(5, 7, 5, 7)]
    public void The_same_size_reproduces_the_input(int height, int width, int outHeight, int outWidth)
    {
        using var window = Windows.Noise(2, height, width);
        float[] clip = Augmentations.Start().Resize(outHeight, outWidth).Apply(window);
        for (int t = 0; t < 2; t++)
        {
            byte[] pixels = window.Frame(t).ToArray();
            for (int i = 0; i < pixels.Length; i++)
            {
                int c = i % 3, place = i / 3;
                Assert.That(clip[(((c * 2) + t) * height * width) + place], Is.EqualTo(pixels[i] / 255f).Within(1e-6));
            }
        }
    }

    [TestCase(32, 32, 32, 32, 0.5, 1.25, 28.7)]
    [TestCase(32, 32, 16, 16, 0, 0, 32)]
    [TestCase(32, 32, 16, 16, 3.2, 0.4, 28.5)]
    [TestCase(24, 40, 11, 13, 7.9, 1.1, 22.3)]
    [TestCase(24, 40, 50, 60, 2.5, 3.5, 4.25)]
    [TestCase(24, 40, 3, 2, 0, 0, 24)]
    [TestCase(24, 40, 1, 1, 16, 0, 24)]
    [TestCase(9, 9, 20, 20, 4, 4, 1)]
    [TestCase(9, 9, 4, 4, 8.2, 8.2, 0.7)]
    public void Resize_is_a_triangle_filter_that_grows_with_the_scale(int height, int width, int outHeight, int outWidth, double x, double y, double side)
    {
        using var window = Windows.Noise(1, height, width);
        var box = new CropBox(x, y, side, side);
        float[] clip = Augmentations.Start().Crop(new Fixed(box)).Resize(outHeight, outWidth).Apply(window);
        double[] expected = NaiveResize.Run(window.Frame(0), height, width, box, outHeight, outWidth);
        Assert.That(clip.Select(value => value * 255.0), Is.EqualTo(expected).Within(2e-3));
    }

    // Values that Pillow gave for crop, then antialiased bilinear resize to 112x112; it rounds to bytes after each axis.
    [TestCase("mod", 10, 20, 192, 1601300, 1601016, 1601606, new[] { 126, 155, 184, 181, 95, 171, 100, 104, 108 })]
    [TestCase("smooth", 10, 20, 192, 1597069, 1593833, 1561213, new[] { 161, 222, 184, 88, 125, 151, 157, 65, 42 })]
    [TestCase("smooth", 3, 0, 144, 1585774, 1583169, 1591028, new[] { 143, 209, 173, 211, 196, 127, 197, 128, 153 })]
    [TestCase("mod", 64, 24, 192, 1603081, 1602706, 1602043, new[] { 62, 91, 120, 157, 100, 173, 130, 106, 180 })]
    [TestCase("smooth", 64, 24, 192, 1596579, 1585703, 1612006, new[] { 123, 49, 40, 136, 109, 103, 116, 209, 187 })]
    public void Resize_agrees_with_Pillow(string frame, int x, int y, int side, double red, double green, double blue, int[] pixels)
    {
        using var window = Windows.From(240, 320, (v, u, c) => string.Equals(frame, "mod", StringComparison.Ordinal)
            ? ((7 * u) + (13 * v) + (29 * c) + (u * v / 5)) % 256
            : (int)Math.Clamp(127.5 + (100 * Math.Sin((0.05 * u) + c) * Math.Cos((0.04 * v) - (0.5 * c))), 0, 255));
        float[] clip = Augmentations.Start().Crop(new Fixed(new CropBox(x, y, side, side))).Resize(112).Apply(window);
        double[] values = [.. clip.Select(value => value * 255.0)];
        const int plane = 112 * 112;
        Assert.Multiple(() =>
        {
            double[] sums = [values[..plane].Sum(), values[plane..(2 * plane)].Sum(), values[(2 * plane)..].Sum()];
            Assert.That(sums, Is.EqualTo(new[] { red, green, blue }).Within(0.05).Percent);
            (int C, int Y, int X)[] places = [(0, 0, 0), (1, 0, 0), (2, 0, 0), (0, 0, 111), (1, 55, 56), (2, 111, 0), (0, 111, 111), (1, 30, 80), (2, 90, 20)];
            Assert.That(places.Select(p => values[(p.C * plane) + (p.Y * 112) + p.X]), Is.EqualTo(pixels.Select(p => (double)p)).Within(1.01));
        });
    }

    [Test]
    public void A_constant_stays_constant()
    {
        using var window = Windows.From(37, 53, (_, _, c) => 60 + (20 * c));
        float[] clip = Augmentations.Start().RandomSquareCrop(0.5, 1).Resize(19).Apply(window, 5);
        for (int c = 0; c < 3; c++)
        {
            Assert.That(clip.AsSpan(c * 19 * 19, 19 * 19).ToArray(), Is.All.EqualTo((60 + (20 * c)) / 255f).Within(1e-5f));
        }
    }

    private sealed class Fixed(CropBox box) : IClipCrop
    {
        public CropBox Choose(int height, int width, ref CounterRandom random) => box;
    }
}
