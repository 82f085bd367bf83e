using Tclr.Core;
using Tclr.Data;

namespace Tclr.Tests;

public sealed class ClipRecipeTests
{
    private static IEnumerable<AugmentationRecipe> Kinds =>
        [AugmentationRecipe.TclrReference, AugmentationRecipe.TclrPaper, AugmentationRecipe.Cvrl, AugmentationRecipe.DualVar, AugmentationRecipe.Demo()];

    private static IEnumerable<TestCaseData> TestClips =>
    [
        new TestCaseData(SamplerRecipe.Tclr()).Returns("0,2,4,6 31,33,35,37 62,64,66,68 93,95,97,99"),
        new TestCaseData(SamplerRecipe.Cvrl()).Returns("0,2,4,6 30,32,34,36 61,63,65,67 92,94,96,98"),
        new TestCaseData(SamplerRecipe.DualVar()).Returns("0,2,4,6 30,32,34,36 61,63,65,67 92,94,96,98"),
        new TestCaseData(SamplerRecipe.TclrReference()).Returns("0,2,4,6 27,29,31,33 54,56,58,60 82,84,86,88"),
    ];

    [Test]
    public void Tests_and_fine_tuning_are_augmented_as_the_training_asks_for() => Assert.Multiple(() =>
    {
        Alike(Of(AugmentationRecipe.TclrReference).CreateTestAugmentation(), Augmentations.TclrTest(16));
        Alike(Of(AugmentationRecipe.TclrPaper).CreateTestAugmentation(), Augmentations.TclrTest(16, ChannelOrder.Rgb));
        Alike(Of(AugmentationRecipe.Demo()).CreateTestAugmentation(), Augmentations.Evaluation(16));
        Alike(Of(AugmentationRecipe.DualVar).CreateTestAugmentation(), Augmentations.Start().Resize(24, 18, ResizeFilter.Bicubic).CenterCrop(16).NormalizeImageNet());
        Alike(Of(AugmentationRecipe.Cvrl).CreateTestAugmentation(), Augmentations.CvrlTest(16, crops: 1));
        Alike(Of(AugmentationRecipe.TclrReference).CreateFineTuningAugmentation(), Augmentations.TclrFineTuning(16));
        Alike(Of(AugmentationRecipe.TclrPaper).CreateFineTuningAugmentation(), Augmentations.TclrFineTuning(16, ChannelOrder.Rgb));
        Alike(Of(AugmentationRecipe.Demo()).CreateFineTuningAugmentation(), Augmentations.Demo(16));
    });

    // A plain frame of one color shows it: what a network was trained on must not be another range or another order in the test.
    [TestCaseSource(nameof(Kinds))]
    public void Values_and_channels_of_a_test_are_those_of_the_training(AugmentationRecipe kind)
    {
        float[] test = Pixels(Of(kind).CreateTestAugmentation(), seed: 0);
        double[] training = new double[3], tuning = new double[3];
        const int Draws = 400;

        // ImageNet's deviation makes numbers more than four times as large.
        double tolerance = kind == AugmentationRecipe.DualVar ? 0.9 : 0.2;
        for (ulong seed = 1; seed <= Draws; seed++)
        {
            Add(training, Pixels(Of(kind).CreateAugmentation(), seed));
            Add(tuning, Pixels(Of(kind).CreateFineTuningAugmentation(), seed));
        }

        for (int channel = 0; channel < 3; channel++)
        {
            double value = test[channel * 256];
            Assert.That(training[channel] / Draws, Is.EqualTo(value).Within(tolerance), $"training, channel {channel}");
            Assert.That(tuning[channel] / Draws, Is.EqualTo(value).Within(tolerance), $"fine-tuning, channel {channel}");
        }

        static void Add(double[] sums, float[] pixels)
        {
            for (int channel = 0; channel < 3; channel++)
            {
                sums[channel] += pixels.AsSpan(channel * 256, 256).ToArray().Average();
            }
        }
    }

    [TestCaseSource(nameof(Kinds))]
    public void Nothing_is_random_in_a_test(AugmentationRecipe kind)
    {
        var augmentation = Of(kind).CreateTestAugmentation();

        Assert.That((augmentation.Height, augmentation.Width), Is.EqualTo((16, 16)));
        Assert.That(Pixels(augmentation, seed: 1, gradient: true), Is.EqualTo(Pixels(augmentation, seed: 2, gradient: true)));
    }

    [TestCaseSource(nameof(TestClips))]
    public string A_video_is_judged_by_clips_of_every_second_frame(SamplerRecipe sampler)
    {
        var random = CounterRandom.For(1);
        var plan = new ClipRecipe { Sampler = sampler, Length = 4 }.CreateTestSampler(4).Plan(new VideoInfo(100, 320, 240, 25), ref random);

        return string.Join(' ', plan.Views.Select(view => string.Join(',', view)));
    }

    [Test]
    public void A_classifier_learns_from_one_clip_of_every_second_frame()
    {
        var sampler = new ClipRecipe { Length = 4 }.CreateFineTuningSampler();
        var random = CounterRandom.For(1);
        var (first, second) = (sampler.Plan(new VideoInfo(1000, 320, 240, 25), ref random).Views[0], sampler.Plan(new VideoInfo(1000, 320, 240, 25), ref random).Views[0]);

        Assert.That(sampler.Layout.Count, Is.EqualTo(1));
        Assert.That(first.Select(frame => frame - first[0]), Is.EqualTo(new[] { 0, 2, 4, 6 }));
        Assert.That(second, Is.Not.EqualTo(first));
    }

    [Test]
    public void The_default_demo_augmentation_is_that_of_the_library()
    {
        Alike(Of(AugmentationRecipe.Demo()).CreateAugmentation(), Augmentations.Demo(16));
        Assert.That(Pixels(Of(AugmentationRecipe.Demo(brightness: 0, contrast: 0)).CreateAugmentation(), 3, gradient: true), Is.Not.EqualTo(Pixels(Augmentations.Demo(16), 3, gradient: true)));
    }

    private static ClipRecipe Of(AugmentationRecipe kind) => new() { Augmentation = kind, Size = 16 };

    private static void Alike(IClipAugmentation found, IClipAugmentation expected)
    {
        for (ulong seed = 0; seed < 20; seed++)
        {
            Assert.That(Pixels(found, seed, gradient: true), Is.EqualTo(Pixels(expected, seed, gradient: true)));
        }
    }

    private static float[] Pixels(IClipAugmentation augmentation, ulong seed, bool gradient = false)
    {
        using var window = new FrameWindow(1, 48, 64);
        var frame = window.FrameToFill(0);
        for (int i = 0; i < frame.Length; i++)
        {
            frame[i] = gradient ? (byte)((i * 7) + (i / 192 * 5)) : (byte)(i % 3 == 0 ? 200 : i % 3 == 1 ? 130 : 60);
        }

        var random = CounterRandom.For(seed);
        float[] pixels = new float[3 * 16 * 16];
        augmentation.Apply(window, [0], ref random, pixels);
        return pixels;
    }
}
