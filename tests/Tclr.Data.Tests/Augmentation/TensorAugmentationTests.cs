using System.Numerics;
using static TorchSharp.torch;

namespace Tclr.Data.Tests;

[NoTensorLeaks]
public sealed class TensorAugmentationTests : ScopedTests
{
    public static IEnumerable<TestCaseData> Exact()
    {
        yield return new TestCaseData(Augmentations.TclrReference(24)).SetArgDisplayNames("TclrReference");
        yield return new TestCaseData(Augmentations.TclrPaper(25)).SetArgDisplayNames("TclrPaper");
        yield return new TestCaseData(Augmentations.TclrTest(20)).SetArgDisplayNames("TclrTest");
        yield return new TestCaseData(Augmentations.Start().Resize(20, 18, ResizeFilter.Bicubic).RandomCrop(16).Rotate(30, 0.7).Shear(10, 0.7)).SetArgDisplayNames("Warps");
        yield return new TestCaseData(Augmentations.CvrlFineTuning(21)).SetArgDisplayNames("CvrlFineTuning");
        yield return new TestCaseData(Augmentations.Start().RandomSquareCrop(0.3, 1).Resize(19, ResizeFilter.BilinearNoAntialias)).SetArgDisplayNames("No antialias between pixels");
        yield return new TestCaseData(Augmentations.Start().ResizeShorterSide(20, ResizeFilter.BilinearNoAntialias).RandomCrop(16)).SetArgDisplayNames("Part without antialias");
        yield return new TestCaseData(Augmentations.Start().ResizeShorterSide(20).CenterCrop(18).HorizontalFlip()).SetArgDisplayNames("Shorter side");
        yield return new TestCaseData(Augmentations.Start().RandomResizedCrop(0.3, 1).Resize(17, ResizeFilter.BilinearNoAntialias)
            .ColorJitter(0.8, 0.8, 0.8, 0.4, 0.9, clipMean: true).Solarize(128, 0.5).Gamma(0.5, 2, 0.5).DropChannel(0.3)).SetArgDisplayNames("Everything");
    }

    [TestCaseSource(nameof(Exact))]
    public void Both_executors_give_the_same_bytes(ClipAugmentation augmentation)
        => Assert.That(LargestDifference(augmentation), Is.LessThan(1e-7));

    [Test]
    public void Blur_differs_by_at_most_one_level()
        => Assert.That(LargestDifference(Augmentations.Cvrl(30)), Is.LessThan(1.001 / 255));

    [Test]
    public void Real_numbers_agree()
    {
        Assert.That(LargestDifference(Augmentations.Demo(20)), Is.LessThan(1e-5));
        Assert.That(LargestDifference(Augmentations.Start().Resize(20).Contrast(0.5, 1.5).ColorMatrix(0.2, 0.3).Contrast(0.5, 1.5).Shift(-0.5)), Is.LessThan(1e-5));
        var normalized = Augmentations.Start().RandomSquareCrop(0.5, 1).Resize(20).HorizontalFlip().Contrast(0.5, 1.5).NormalizeImageNet();
        Assert.That(LargestDifference(normalized), Is.LessThan(1e-5));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Jitter_of_real_levels_agrees(bool clipMean)
        => Assert.That(LargestDifference(Augmentations.Start().Resize(20).ColorJitter(0.8, 0.8, 0.8, 0.2, 0.8, clipMean, rounded: false)), Is.LessThan(1e-5));

    [Test]
    public void An_eight_bit_operation_after_real_levels_differs_by_at_most_one_level()
        => Assert.That(
            LargestDifference(Augmentations.Start().Resize(20).ColorJitter(0.8, 0.8, 0.8, 0.2, 0.8, rounded: false).HorizontalFlip().Grayscale(0.3)),
            Is.LessThan(1.001 / 255));

    [TestCaseSource(nameof(OnDevice))]
    public void Nothing_is_read_from_the_device(IClipAugmentation augmentation)
    {
        using var frames = Windows.Noise(4, 37, 52);
        var window = Tensor(frames);
        var views = Enumerable.Range(0, 24).Select(i => new DrawnClip([i % 4, 2, 1], ((ClipAugmentation)augmentation.ForView(i)).Draw(37, 52, (ulong)i))).ToArray();
        using var reads = new DeviceReads();

        var clips = TensorExecutor.Run([window, window], [views, views], CPU);

        Assert.That(clips.shape, Is.EqualTo(new long[] { 24, 2, 3, 3, augmentation.Height, augmentation.Width }));
        Assert.That(reads.Count, Is.Zero);
    }

    public static IEnumerable<TestCaseData> OnDevice() =>
    [
        .. Exact(),
        new TestCaseData(Augmentations.Cvrl(30)).SetArgDisplayNames("Cvrl"),
        new TestCaseData(Augmentations.Demo(20)).SetArgDisplayNames("Demo"),
        new TestCaseData(Augmentations.Start().Resize(20).ColorJitter(0.8, 0.8, 0.8, 0.2, 0.8, rounded: false).HorizontalFlip().Grayscale(0.3)).SetArgDisplayNames("Real levels"),
        new TestCaseData(Augmentations.Start().Resize(20).RandomErasing(4, 8).Contrast(0.5, 1.5).ColorMatrix(0.2, 0.3).Contrast(0.5, 1.5).NormalizeImageNet()).SetArgDisplayNames("Colors"),
    ];

    [Test]
    public void A_color_change_of_ones_own_gets_the_mean()
    {
        var augmentation = Augmentations.Start().Resize(20).Contrast(0.5, 1.5).Add(new ToMean());
        using var reads = new DeviceReads();

        Assert.That(LargestDifference(augmentation), Is.LessThan(1e-5));
        Assert.That(reads.Count, Is.EqualTo(1), "once a batch");
    }

    [Test]
    public void Windows_may_differ_in_size_and_length()
    {
        using var small = Windows.Noise(2, 20, 30);
        using var large = Windows.Noise(5, 50, 40);
        var augmentation = Augmentations.TclrReference(16);
        var first = new DrawnClip([1, 0, 1], augmentation.Draw(20, 30, 1));
        var second = new DrawnClip([4, 2, 3], augmentation.Draw(50, 40, 2));
        var clips = TensorExecutor.Run([Tensor(small), Tensor(large)], [[first], [second]], CPU);
        Assert.That(clips.shape, Is.EqualTo(new long[] { 1, 2, 3, 3, 16, 16 }));
        Assert.That(clips.data<float>().ToArray(), Is.EqualTo(Processor(small, first).Concat(Processor(large, second))).Within(1e-7f));
    }

    // Not affine in the mean.
    private sealed class ToMean : ClipOperation
    {
        public override bool ChangesPixels => false;

        public override bool ChangesColors => true;

        public override IEnumerable<ClipChange> Draw(int height, int width, ref Core.CounterRandom random) => [new Change()];

        private sealed class Change : ColorChange
        {
            public override Matrix4x4 Matrix(Vector3 mean) => Matrix4x4.CreateScale(mean) * Matrix4x4.CreateTranslation(mean * mean);
        }
    }

    private static double LargestDifference(IClipAugmentation augmentation)
    {
        const int views = 12;
        using var window = Windows.Noise(4, 37, 52);
        var drawn = Enumerable.Range(0, views).Select(i => new DrawnClip([i % 4, 2, 1], ((ClipAugmentation)augmentation.ForView(i % 2)).Draw(37, 52, (ulong)i))).ToList();
        var clips = TensorExecutor.Run([Tensor(window), Tensor(window)], [[.. drawn[..6]], [.. drawn[6..]]], CPU).transpose(0, 1).contiguous();
        float[] expected = [.. drawn.SelectMany(clip => Processor(window, clip))];
        return clips.data<float>().ToArray().Zip(expected, (a, b) => Math.Abs(a - b)).Max();
    }

    private static float[] Processor(FrameWindow window, DrawnClip clip)
    {
        float[] result = new float[3 * clip.Positions.Length * clip.Parameters.Resize.Height * clip.Parameters.Resize.Width];
        ClipExecutor.Run(window, [.. clip.Positions], clip.Parameters, result);
        return result;
    }

    private static Tensor Tensor(FrameWindow window)
    {
        byte[] pixels = [.. Enumerable.Range(0, window.Count).SelectMany(t => window.Frame(t).ToArray())];
        return tensor(pixels, [window.Count, window.Height, window.Width, 3]);
    }
}
