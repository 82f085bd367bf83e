using Tclr.Core;

namespace Tclr.Data.Tests;

public sealed class ClipAugmentationTests
{
    [Test]
    [SetCulture("ar-SA")]
    public void Messages_are_alike_in_every_culture()
    {
        Assert.That(() => Augmentations.Start().RandomSquareCrop(0.75, 0.5), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("got 0.75 and 0.5"));
        Assert.That(() => Augmentations.Start().RandomResizedCrop(0.75, 0.5, 0.5, 2), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("0.001 <= low <= high <= 1, got 0.75 and 0.5"));
    }

    [Test]
    public void One_set_of_parameters_per_clip()
    {
        using var window = new FrameWindow(3, 32, 32);
        for (int t = 0; t < 3; t++)
        {
            FakeVideoReader.Frame(1, 0, 32, 32).CopyTo(window.FrameToFill(t));
        }

        float[] clip = Augmentations.Demo(32).Apply(window, 7);
        for (int c = 0; c < 3; c++)
        {
            var first = clip.AsSpan(c * 3 * 1024, 1024);
            for (int t = 1; t < 3; t++)
            {
                Assert.That(clip.AsSpan(((c * 3) + t) * 1024, 1024).SequenceEqual(first), Is.True);
            }
        }
    }

    [Test]
    public void Positions_choose_and_repeat_frames()
    {
        using var window = Windows.Noise(4, 16, 16);
        var augmentation = Augmentations.Evaluation(16);
        float[] all = augmentation.Apply(window);
        float[] some = new float[3 * 3 * 256];
        var random = CounterRandom.For(1);
        augmentation.Apply(window, [3, 0, 3], ref random, some);
        for (int c = 0; c < 3; c++)
        {
            Assert.That(some.AsSpan(c * 3 * 256, 256).SequenceEqual(all.AsSpan(((c * 4) + 3) * 256, 256)), Is.True);
            Assert.That(some.AsSpan(((c * 3) + 1) * 256, 256).SequenceEqual(all.AsSpan(c * 4 * 256, 256)), Is.True);
            Assert.That(some.AsSpan(((c * 3) + 2) * 256, 256).SequenceEqual(some.AsSpan(c * 3 * 256, 256)), Is.True);
        }
    }

    // The same draws, then the steps one after the other in double precision.
    [Test]
    public void Demo_is_the_sum_of_its_steps([Range(0, 11)] int key)
    {
        using var window = Windows.Noise(1, 30, 36, key);
        float[] clip = Augmentations.Demo(20).Apply(window, (ulong)key);

        var random = CounterRandom.For((ulong)key);
        double side = random.Uniform(0.88, 1) * 30;
        double x = random.Uniform(0, 36 - side), y = random.Uniform(0, 30 - side);
        double[] values = [.. NaiveResize.Run(window.Frame(0), 30, 36, new CropBox(x, y, side, side), 20, 20).Select(value => value / 255)];
        bool gray = random.NextDouble() < 0.3;
        double[] matrix = [.. Enumerable.Range(0, 9).Select(i => (i % 4 == 0 ? 1 : 0) + random.Uniform(-0.12, 0.12))];
        double[] luma = [0.299, 0.587, 0.114];
        double[] mixed = new double[1200];
        for (int i = 0; i < 400; i++)
        {
            for (int to = 0; to < 3; to++)
            {
                mixed[(to * 400) + i] = Enumerable.Range(0, 3).Sum(from => values[(from * 400) + i] * (gray ? luma[from] : matrix[(from * 3) + to]));
            }
        }

        double mean = mixed.Average(), contrast = random.Uniform(0.6, 1.4), brightness = random.Uniform(-0.3, 0.3);
        Assert.That(clip, Is.EqualTo(mixed.Select(value => (float)(((value - mean) * contrast) + mean + brightness - 0.5))).Within(2e-5f));
    }

    [Test]
    public void The_draws_span_their_ranges()
    {
        using var black = Windows.From(32, 32, (_, _, _) => 0);
        using var noise = Windows.Noise(1, 32, 32);
        int gray = 0;
        var offsets = new List<double>();
        for (ulong key = 0; key < 400; key++)
        {
            // Black stays black under matrix and contrast, so only brightness and the centering show.
            float[] clip = Augmentations.Demo(8).Apply(black, key);
            Assert.That(clip, Is.All.EqualTo(clip[0]).Within(1e-6f));
            offsets.Add(clip[0] + 0.5);
            float[] colors = Augmentations.Demo(8).Apply(noise, key);
            gray += Enumerable.Range(0, 64).All(i => Math.Abs(colors[i] - colors[64 + i]) < 1e-5 && Math.Abs(colors[i] - colors[128 + i]) < 1e-5) ? 1 : 0;
        }

        Assert.Multiple(() =>
        {
            Assert.That(offsets, Is.All.InRange(-0.3001, 0.3001));
            Assert.That(offsets.Min(), Is.LessThan(-0.28));
            Assert.That(offsets.Max(), Is.GreaterThan(0.28));
            Assert.That(gray, Is.InRange(80, 160));
        });
    }

    [Test]
    public void Random_crops_are_squares_inside_the_frame()
    {
        var crop = new RandomSquareCrop(0.6, 1);
        double smallest = double.MaxValue, largest = 0;
        for (ulong key = 0; key < 1000; key++)
        {
            var random = CounterRandom.For(key);
            var box = crop.Choose(24, 40, ref random);
            Assert.That(box.Width, Is.EqualTo(box.Height).And.InRange(0.6 * 24, 24));
            Assert.That(box.X, Is.GreaterThanOrEqualTo(0));
            Assert.That(box.Y, Is.GreaterThanOrEqualTo(0));
            Assert.That(box.X + box.Width, Is.LessThanOrEqualTo(40));
            Assert.That(box.Y + box.Height, Is.LessThanOrEqualTo(24));
            smallest = Math.Min(smallest, box.Width);
            largest = Math.Max(largest, box.Width);
        }

        Assert.That(smallest, Is.LessThan(14.6));
        Assert.That(largest, Is.GreaterThan(23.8));
    }

    [Test]
    public void Each_color_step_does_what_it_says()
    {
        using var window = Windows.Noise(2, 8, 8);
        float[] plain = Augmentations.Start().Resize(8).Apply(window);
        float mean = plain.Average();
        Assert.Multiple(() =>
        {
            Assert.That(Augmentations.Start().Resize(8).ColorMatrix(0).Apply(window), Is.EqualTo(plain).Within(1e-6f));
            Assert.That(Augmentations.Start().Resize(8).Brightness(0.25, 0.25).Apply(window), Is.EqualTo(plain.Select(value => value + 0.25f)).Within(1e-6f));
            Assert.That(Augmentations.Start().Resize(8).Shift(-0.5).Apply(window), Is.EqualTo(plain.Select(value => value - 0.5f)).Within(1e-6f));
            Assert.That(Augmentations.Start().Resize(8).Contrast(0, 0).Apply(window), Is.All.EqualTo(mean).Within(1e-5f));
            Assert.That(Augmentations.Start().Resize(8).Contrast(2, 2).Apply(window), Is.EqualTo(plain.Select(value => mean + (2 * (value - mean)))).Within(1e-5f));

            // Contrast goes around the mean that the steps before have left.
            Assert.That(
                Augmentations.Start().Resize(8).Brightness(1, 1).Contrast(0, 0).Apply(window),
                Is.All.EqualTo(mean + 1).Within(1e-5f));

            float[] gray = Augmentations.Start().Resize(8).ColorMatrix(0.1, grayProbability: 1).Apply(window);
            var luma = Enumerable.Range(0, 128).Select(i => (0.299f * plain[i]) + (0.587f * plain[128 + i]) + (0.114f * plain[256 + i])).ToArray();
            Assert.That(gray, Is.EqualTo(luma.Concat(luma).Concat(luma)).Within(1e-5f));
        });
    }

    [Test]
    public void Evaluation_takes_the_middle_square()
    {
        using var window = Windows.From(4, 8, (_, x, _) => x is >= 2 and < 6 ? 255 : 0);
        Assert.That(Augmentations.Evaluation(4).Apply(window), Is.All.EqualTo(0.5f).Within(1e-6f));
    }

    [Test]
    public void The_same_key_gives_the_same_bits()
    {
        using var window = Windows.Noise(4, 32, 32);
        var augmentation = Augmentations.Demo(32);
        float[] once = augmentation.Apply(window, 3, 4);
        Assert.That(augmentation.Apply(window, 3, 4), Is.EqualTo(once));
        Assert.That(once, Is.Not.EqualTo(augmentation.Apply(window, 3, 5)));
    }

    [Test]
    public void Steps_do_not_change_what_they_are_added_to()
    {
        var start = Augmentations.Start();
        var sized = start.Resize(8);
        _ = sized.Brightness(1, 1);
        Assert.That((start.Height, sized.Height, sized.Width), Is.EqualTo((0, 8, 8)));
        using var window = Windows.From(8, 8, (_, _, _) => 0);
        Assert.That(sized.Apply(window), Is.All.Zero);
    }

    [Test]
    public void Wrong_use_is_an_error()
    {
        using var window = Windows.Noise(1, 8, 8);
        var random = CounterRandom.For(1);
        var start = Augmentations.Start();
        Assert.Multiple(() =>
        {
            Assert.That(() => start.Apply(window), Throws.InvalidOperationException.With.Message.Contains("Resize"));
            Assert.That(() => start.Resize(8).Resize(9), Throws.InvalidOperationException.With.Message.Contains("8x8"));
            Assert.That(() => start.Resize(8).CenterSquareCrop(), Throws.InvalidOperationException);
            Assert.That(() => start.CenterSquareCrop().RandomSquareCrop(0.5, 1), Throws.InvalidOperationException);
            Assert.That(() => start.Resize(8).Apply(window, [0], ref random, new float[5]), Throws.ArgumentException.With.Message.Contains("got 5"));
            Assert.That(() => start.Resize(8).Apply(window, [], ref random, []), Throws.ArgumentException);
            Assert.That(() => start.Resize(0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => start.RandomSquareCrop(0, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => start.RandomSquareCrop(0.9, 1.1), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => start.RandomSquareCrop(double.NaN, 1), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => start.ColorMatrix(-1), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => start.ColorMatrix(0.1, 1.1), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => start.Contrast(1.4, 0.6), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => start.Brightness(0.3, -0.3), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => start.Shift(double.NaN), Throws.TypeOf<ArgumentOutOfRangeException>());
        });
    }

    private static readonly (string Verb, Func<ClipAugmentation, ClipAugmentation> Add)[] WholeVerbs =
    [
        ("RandomSquareCrop", steps => steps.RandomSquareCrop(0.5, 1)),
        ("RandomResizedCrop", steps => steps.RandomResizedCrop(0.5, 1)),
        ("CenterSquareCrop", steps => steps.CenterSquareCrop()),
        ("Resize", steps => steps.Grayscale(1).Resize(16)),
        ("RandomCrop", steps => steps.RandomCrop(8)),
        ("CenterCrop", steps => steps.CenterCrop(8)),
        ("Channels", steps => steps.Channels(ChannelOrder.Bgr).Grayscale(1)),
        ("RoundToBytes", steps => steps.RoundToBytes()),
    ];

    [Test]
    public void What_holds_for_the_whole_augmentation_is_refused_in_RandomApply()
    {
        var sized = Augmentations.Start().Resize(16);
        Assert.Multiple(() =>
        {
            foreach (var (verb, add) in WholeVerbs)
            {
                Assert.That(() => sized.RandomApply(0.5, add), Throws.InvalidOperationException.With.Message.StartsWith($"{verb} cannot be used inside RandomApply"), verb);
            }

            Assert.That(() => sized.RandomApply(0.5, _ => Augmentations.Start().Resize(16).Grayscale(1)), Throws.ArgumentException.With.Message.Contains("with operations added, got another one"));
            Assert.That(() => sized.RandomApply(0.5, _ => null!), Throws.ArgumentException);
        });
    }

    [Test]
    public void No_pixel_step_follows_colors_inside_RandomApply()
    {
        var grouped = Augmentations.Start().Resize(16).RandomApply(1, steps => steps.HorizontalFlip(1).Brightness(0.1, 0.1));
        Assert.That(() => grouped.Solarize(128, 1), Throws.InvalidOperationException.With.Message.Contains("cannot follow an affine change of color"));
    }

    [Test]
    public void Views_of_other_channel_orders_are_refused()
    {
        var rgb = Augmentations.Start().Resize(16);
        Assert.That(() => Augmentations.PerView(rgb, rgb.Channels(ChannelOrder.Bgr)), Throws.ArgumentException.With.Message.Contains("one channel order, got [Rgb, Bgr]"));
        Assert.That(Augmentations.PerView(rgb.Channels(ChannelOrder.Bgr)).ChannelOrder, Is.EqualTo(ChannelOrder.Bgr));
    }
}
