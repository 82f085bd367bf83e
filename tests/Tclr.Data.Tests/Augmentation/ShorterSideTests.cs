namespace Tclr.Data.Tests;

/// <summary>The resize of TensorFlow, and crops of a picture whose shorter side has been resized.</summary>
public sealed class ShorterSideTests
{
    [TestCase(24, 40, 24, 40)]
    [TestCase(24, 40, 11, 13)]
    [TestCase(24, 40, 50, 61)]
    [TestCase(9, 7, 1, 1)]
    [TestCase(1, 1, 5, 3)]
    [TestCase(60, 30, 7, 9)]
    public void No_antialias_is_a_loop_over_four_pixels_cut_off(int height, int width, int outHeight, int outWidth)
    {
        using var window = Windows.Noise(2, height, width);
        byte[] pixels = Pixels.Run(window, Pixels.Whole(height, width, outHeight, outWidth, ResizeFilter.BilinearNoAntialias));
        for (int t = 0; t < 2; t++)
        {
            Assert.That(pixels.AsSpan(t * outHeight * outWidth * 3, outHeight * outWidth * 3).ToArray(), Is.EqualTo(Loop(window.Frame(t).ToArray(), height, width, outHeight, outWidth)));
        }
    }

    [Test]
    public void A_crop_is_resized_as_if_it_had_been_RandomErasing()
    {
        using var window = Windows.Noise(1, 20, 30);
        byte[] frame = window.Frame(0).ToArray();
        byte[] cut = [.. Enumerable.Range(0, 9 * 14 * 3).Select(i => frame[((((i / 42) + 5) * 30) + (i / 3 % 14) + 7) * 3 + (i % 3)])];
        var resize = new ClipResize(new CropBox(7, 5, 14, 9), 16, 11, 0, 0, 16, 11, ResizeFilter.BilinearNoAntialias);
        Assert.That(Pixels.Run(window, resize), Is.EqualTo(Loop(cut, 9, 14, 16, 11)));
    }

    [Test]
    public void A_constant_stays_constant_though_fractions_are_cut_off([Values(1, 77, 254, 255)] int level)
    {
        using var window = Windows.From(37, 53, (_, _, _) => level);
        Assert.That(Pixels.Run(window, Pixels.Whole(37, 53, 19, 71, ResizeFilter.BilinearNoAntialias)), Is.All.EqualTo(level));
    }

    // The longer side is rounded down; the middle crop starts at round(L/2 - 128), halves to even.
    [TestCase(240, 320, 256, 341, 0, 42, 85)]
    [TestCase(480, 853, 256, 454, 0, 99, 198)]
    [TestCase(256, 455, 256, 455, 0, 100, 199)]
    [TestCase(320, 240, 341, 256, 0, 42, 85)]
    [TestCase(256, 256, 256, 256, 0, 0, 0)]
    public void Three_crops_lie_along_the_longer_side(int height, int width, int scaledHeight, int scaledWidth, int first, int middle, int last)
    {
        var augmentation = Augmentations.CvrlTest();
        var parts = Enumerable.Range(0, 6).Select(view => ((ClipAugmentation)augmentation.ForView(view)).Draw(height, width, 1).Resize).ToList();
        int[] places = [first, middle, last, first, middle, last];
        Assert.Multiple(() =>
        {
            Assert.That(augmentation.Crops, Is.EqualTo(3));
            Assert.That(parts.Select(part => (part.ScaledHeight, part.ScaledWidth, part.Height, part.Width)), Is.All.EqualTo((scaledHeight, scaledWidth, 256, 256)));
            Assert.That(parts.Select(part => height > width ? part.Top : part.Left), Is.EqualTo(places));
            Assert.That(parts.Select(part => height > width ? part.Left : part.Top), Is.All.Zero);
            Assert.That(((ClipAugmentation)augmentation.ForView(1)).Draw(height, width, 1).Resize, Is.EqualTo(Augmentations.CvrlTest(crops: 1).Draw(height, width, 1).Resize));
        });
    }

    [Test]
    public void A_crop_of_the_resized_picture_is_a_part_of_it()
    {
        using var window = Windows.Noise(1, 30, 47);
        byte[] whole = Loop(window.Frame(0).ToArray(), 30, 47, 20, 31);
        for (int crop = 0; crop < 3; crop++)
        {
            int left = new[] { 0, 6, 11 }[crop];
            byte[] part = Pixels.Run(window, ((ClipAugmentation)Augmentations.CvrlTest(20).ForView(crop)).Draw(30, 47, 1));
            Assert.That(part, Is.EqualTo(Enumerable.Range(0, 20 * 20 * 3).Select(i => whole[(((i / 60) * 31) + left + (i / 3 % 20)) * 3 + (i % 3)])));
        }
    }

    [Test]
    public void Centers_are_rounded_to_even()
    {
        // 171 - 112 = 59: 29.5 rounds to 30. 21 - 16 = 5: 2.5 rounds to 2.
        Assert.That(Augmentations.DualVarTest().Draw(240, 320, 1).Resize, Has.Property("Top").EqualTo(30).And.Property("Left").EqualTo(8));
        Assert.That(Augmentations.Start().Resize(21, 22).CenterCrop(16).Draw(9, 9, 1).Resize, Has.Property("Top").EqualTo(2).And.Property("Left").EqualTo(3));
    }

    [Test]
    public void A_random_crop_reaches_all_places()
    {
        var augmentation = Augmentations.Start().ResizeShorterSide(10).RandomCrop(8);
        var parts = Enumerable.Range(0, 300).Select(key => augmentation.Draw(20, 31, (ulong)key).Resize).ToList();
        Assert.That(parts.Select(part => part.Top).Distinct(), Is.EquivalentTo(Enumerable.Range(0, 3)));
        Assert.That(parts.Select(part => part.Left).Distinct(), Is.EquivalentTo(Enumerable.Range(0, 8)));
    }

    [Test]
    public void Order_is_checked()
        => Assert.Multiple(() =>
        {
            var resized = Augmentations.Start().ResizeShorterSide(10);
            Assert.That((resized.Height, resized.Width), Is.EqualTo((0, 0)));
            Assert.That(() => resized.Draw(20, 30, 1), Throws.InvalidOperationException.With.Message.Contains("crop after ResizeShorterSide"));
            Assert.That(() => resized.Resize(8), Throws.InvalidOperationException.With.Message.Contains("shorter side of 10"));
            Assert.That(() => resized.ResizeShorterSide(8), Throws.InvalidOperationException);
            Assert.That(() => resized.CenterSquareCrop(), Throws.InvalidOperationException);
            Assert.That(() => resized.CenterCrop(11), Throws.InvalidOperationException.With.Message.Contains("10x10"));
            Assert.That(() => resized.CenterCrop(8).ThreeCrop(), Throws.InvalidOperationException);
            Assert.That(() => Augmentations.Start().Resize(8).ThreeCrop(), Throws.InvalidOperationException);
            Assert.That(() => Augmentations.CvrlTest(crops: 2), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => Augmentations.PerView(resized.ThreeCrop()), Throws.ArgumentException.With.Message.Contains("ThreeCrop"));
        });

    private static byte[] Loop(byte[] frame, int height, int width, int outHeight, int outWidth)
    {
        byte[] result = new byte[outHeight * outWidth * 3];
        for (int i = 0; i < result.Length; i++)
        {
            int y = i / 3 / outWidth, x = i / 3 % outWidth, c = i % 3;
            float v = ((y + 0.5f) * (height / (float)outHeight)) - 0.5f, u = ((x + 0.5f) * (width / (float)outWidth)) - 0.5f;
            float top = Mixed(Pixel(v, u), Pixel(v, u + 1), u), bottom = Mixed(Pixel(v + 1, u), Pixel(v + 1, u + 1), u);
            result[i] = (byte)Mixed(top, bottom, v);

            float Pixel(float row, float column)
                => frame[((Math.Clamp((int)MathF.Floor(row), 0, height - 1) * width) + Math.Clamp((int)MathF.Floor(column), 0, width - 1)) * 3 + c];
        }

        return result;

        static float Mixed(float a, float b, float place)
        {
            float product = (b - a) * (place - MathF.Floor(place));
            return a + product;
        }
    }
}
