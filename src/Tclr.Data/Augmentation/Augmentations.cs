using Tclr.Core;

namespace Tclr.Data;

/// <summary>Creates augmentations: an empty pipeline, and those of published methods.</summary>
public static class Augmentations
{
    /// <summary>Starts a pipeline: the whole frame, unchanged colors, values in <c>[0, 1]</c>. It has no size yet: add <see cref="ClipAugmentation.Resize(int, ResizeFilter)"/>.</summary>
    /// <returns>The empty pipeline.</returns>
    public static ClipAugmentation Start() => ClipAugmentation.Empty;

    /// <summary>Combines an augmentation for each view of a sample; views beyond the last get the last one.</summary>
    /// <param name="views">The augmentations of views 0, 1, ..; one or more, all of one size and channel order.</param>
    /// <returns>The augmentation; <see cref="IClipAugmentation.ForView"/> gives that of a view.</returns>
    /// <exception cref="ArgumentException">There are none, one has no size, sizes or channel orders differ, or one makes several crops.</exception>
    public static IClipAugmentation PerView(params ClipAugmentation[] views) => new ViewAugmentations(views);

    /// <summary>Training augmentation of the synthetic demo set: a weak crop, color matrix or gray, contrast, brightness; values around 0.</summary>
    /// <param name="size">Height and width of a clip in pixels, 1 or more.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static ClipAugmentation Demo(int size)
        => Start()
            .RandomSquareCrop(0.88, 1)
            .Resize(size)
            .ColorMatrix(0.12, grayProbability: 0.3)
            .Contrast(0.6, 1.4)
            .Brightness(-0.3, 0.3)
            .Shift(-0.5);

    /// <summary>Training augmentation of small sets of real videos: a square crop, flip 0.5, color jitter (0.4, 0.4, 0.4, hue 0.1) with 0.8, gray 0.2; values in <c>[-0.5, 0.5]</c>.</summary>
    /// <remarks>The colors are those of SimCLR at less than half strength, with a crop that keeps most of the scene. (Chen et al., SimCLR, 2020, appendix A.)</remarks>
    /// <param name="size">Height and width of a clip in pixels, 1 or more.</param>
    /// <param name="smallestCrop">Smallest side of the crop as a fraction of the shorter side, in (0, 1]. The default value is 0.6.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static ClipAugmentation CropFlipColor(int size, double smallestCrop = 0.6)
        => Start()
            .RandomSquareCrop(smallestCrop, 1)
            .Resize(size)
            .HorizontalFlip()
            .ColorJitter(0.4, 0.4, 0.4, 0.1, probability: 0.8)
            .Grayscale(0.2)
            .Shift(-0.5);

    /// <summary>Evaluation: the center square, deterministic, values in <c>[-0.5, 0.5]</c>.</summary>
    /// <param name="size">Height and width of a clip in pixels, 1 or more.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static ClipAugmentation Evaluation(int size) => Start().CenterSquareCrop().Resize(size).Shift(-0.5);

    /// <summary>TCLR's pre-training as in the authors' code: the same operations, order, probabilities, ranges and 8-bit arithmetic.</summary>
    /// <remarks>
    /// Square crop of 0.6 to 1 of the shorter side, antialiased resize; contrast 0.25 (half of it before, half after the
    /// rest), hue, saturation, brightness 0.3 each; gray 0.175, of it gamma 0.75; or a dropped channel 0.125; flip 0.5;
    /// a black rectangle of 9 to 18 pixels 0.5. Values in <c>[0, 1]</c>. The authors' frames are BGR and every change of
    /// color treats the first channel as red; this is kept here, because their networks expect that order. (Dave et al.,
    /// TCLR, 2022. Crops here scale with the frame; the authors' code is written for 320x240.)
    /// </remarks>
    /// <param name="size">Height and width of a clip in pixels, 1 or more. The default value is 112.</param>
    /// <param name="channels">The order of the channels. The default value is the authors'.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static ClipAugmentation TclrReference(int size = 112, ChannelOrder channels = ChannelOrder.Bgr)
        => Start()
            .TclrReferenceCrop(0.6, 1)
            .Resize(size)
            .Channels(channels)
            .TclrColors()
            .HorizontalFlip()
            .RandomErasing(9, 18);

    /// <summary>TCLR's pre-training as in the paper: as <see cref="TclrReference"/>, but in RGB and with crops that can lie anywhere in the frame.</summary>
    /// <param name="size">Height and width of a clip in pixels, 1 or more. The default value is 112.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static ClipAugmentation TclrPaper(int size = 112)
        => Start()
            .RandomSquareCrop(0.6, 1)
            .Resize(size)
            .TclrColors()
            .HorizontalFlip()
            .RandomErasing(9, 18);

    /// <summary>TCLR's classifier training as in the authors' code: the operations of <see cref="TclrReference"/>, weaker and with lower probabilities.</summary>
    /// <param name="size">Height and width of a clip in pixels, 1 or more. The default value is 112.</param>
    /// <param name="channels">The order of the channels. The default value is the authors'.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static ClipAugmentation TclrFineTuning(int size = 112, ChannelOrder channels = ChannelOrder.Bgr)
        => Start()
            .TclrReferenceCrop(0.6, 1)
            .Resize(size)
            .Channels(channels)
            .TclrColors(new TclrColorOptions
            {
                Amount = 0.1,
                GammaAmount = 0.15,
                HueAmount = 0.05,
                ContrastProbability = 0.125,
                JitterProbability = 0.15,
                GrayProbability = 0.1,
                DropProbability = 0,
            })
            .HorizontalFlip()
            .RandomErasing(9, 18, probability: 0.25);

    /// <summary>TCLR's classifier training as in the SEVERE benchmark: crop of 0.08 to 1 of the area, flip 0.5, color jitter (0.4, 0.4, 0.4, hue 0.2).</summary>
    /// <remarks>Clips there have 32 frames. (Thoker et al., "How severe is benchmark-sensitivity in video self-supervised learning?", 2022.)</remarks>
    /// <param name="size">Height and width of a clip in pixels, 1 or more. The default value is 112.</param>
    /// <param name="channels">The order of the channels. The default value is that of TCLR's authors.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static ClipAugmentation SevereFineTuning(int size = 112, ChannelOrder channels = ChannelOrder.Bgr)
        => Start().RandomResizedCrop(0.08, 1).Resize(size).Channels(channels).HorizontalFlip().ColorJitter(0.4, 0.4, 0.4, 0.2);

    /// <summary>TCLR's testing as in the authors' code: the center square of 0.8 of the shorter side, in the arithmetic of <see cref="TclrReference"/>.</summary>
    /// <param name="size">Height and width of a clip in pixels, 1 or more. The default value is 112.</param>
    /// <param name="channels">The order of the channels. The default value is the authors'.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static ClipAugmentation TclrTest(int size = 112, ChannelOrder channels = ChannelOrder.Bgr)
        => Start().CenterSquareCrop(0.8).Resize(size).Channels(channels).RoundToBytes();

    /// <summary>CVRL's pre-training: views 0 and 1 differ by blur and solarization.</summary>
    /// <remarks>
    /// Crop of 0.3 to 1 of the area with aspect 0.5 to 2, resize without antialiasing, flip 0.5; with 0.8 brightness,
    /// contrast (around each channel's mean over the clip), saturation by factors 0.2 to 1.8 and hue by 0.2 of the circle,
    /// in random order; gray 0.2; Gaussian blur with sigma 0.1 to 2, always in view 0, 0.1 in view 1; solarize 0.2 in view 1.
    /// (Qian et al., CVRL, 2021.) Computed on 8-bit levels, whereas the authors' code uses real numbers; saturation blends
    /// with luma, as in torchvision, instead of scaling the S of HSV.
    /// </remarks>
    /// <param name="size">Height and width of a clip in pixels, 1 or more. The default value is 224.</param>
    /// <returns>The augmentations of both views.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static IClipAugmentation Cvrl(int size = 224)
    {
        var common = Start()
            .DistortedCrop(0.3, 1, 0.5, 2)
            .Resize(size, ResizeFilter.BilinearNoAntialias)
            .HorizontalFlip()
            .ColorJitter(0.8, 0.8, 0.8, 0.2, probability: 0.8, clipMean: true)
            .Grayscale(0.2);
        int radius = size / 10 / 2;
        return PerView(
            common.GaussianBlur(0.1, 2, probability: 1, radius, zeroPadding: true),
            common.GaussianBlur(0.1, 2, probability: 0.1, radius, zeroPadding: true).Solarize(128, 0.2));
    }

    /// <summary>CVRL's classifier training: crop of 0.3 to 1 of the area with aspect 0.5 to 2, flip 0.5; values in <c>[0, 1]</c>.</summary>
    /// <param name="size">Height and width of a clip in pixels, 1 or more. The default value is 224.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static ClipAugmentation CvrlFineTuning(int size = 224)
        => Start().DistortedCrop(0.3, 1, 0.5, 2).Resize(size, ResizeFilter.BilinearNoAntialias).HorizontalFlip();

    /// <summary>CVRL's testing: the shorter side resized, three crops along the longer side or the center crop; values in <c>[0, 1]</c>.</summary>
    /// <param name="size">Height and width of a clip in pixels, 1 or more. The default value is 256.</param>
    /// <param name="crops">Number of crops of each clip, 1 or 3. The default value is 3, as in the paper: a loader returns three views of each clip.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1, or the number of crops is neither 1 nor 3.</exception>
    public static ClipAugmentation CvrlTest(int size = 256, int crops = 3)
    {
        OptionChecker.ThrowIfInvalid(check => check.Require(crops is 1 or 3, crops, "1 or 3"), nameof(crops));
        var resized = Start().ResizeShorterSide(size, ResizeFilter.BilinearNoAntialias);
        return crops == 3 ? resized.ThreeCrop() : resized.CenterCrop(size);
    }

    /// <summary>DualVar's pre-training: view 0 is left unaugmented with probability 0.2; the others are always augmented.</summary>
    /// <remarks>
    /// Resize to 128x171, bicubic, then a random 112x112; with 0.64 color jitter (0.8, 0.8, 0.8, hue 0.2), with 0.5 Gaussian
    /// blur, sigma 0.1 to 2; then ImageNet's mean and standard deviation. (Zhang et al., DualVar, 2021.) The authors' code
    /// resizes frames to 128 wide and 171 high, which squeezes wide ones; <paramref name="portrait"/> does the same.
    /// </remarks>
    /// <param name="portrait">Whether to scale to 128 wide and 171 high as the authors' code, or to 171 wide and 128 high. The default value is the authors'.</param>
    /// <param name="size">Height and width of a clip in pixels, 1 or more; the frame is scaled in proportion. The default value is 112.</param>
    /// <returns>The augmentations of the three views.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static IClipAugmentation DualVar(bool portrait = true, int size = 112)
    {
        var cropped = DualVarScaled(portrait, size).RandomCrop(size);
        ClipAugmentation Augmented(double probability) => cropped
            .RandomApply(probability, inside => inside
                .ColorJitter(0.8, 0.8, 0.8, 0.2, probability: 0.64, rounded: false)
                .GaussianBlur(0.1, 2, probability: 0.5))
            .NormalizeImageNet();
        return PerView(Augmented(0.8), Augmented(1));
    }

    /// <summary>DualVar's classifier training: scaled and cropped as in <see cref="DualVar"/>, flip 0.5, with 0.8 color jitter (0.8, 0.8, 0.8, hue 0.2), ImageNet's mean and standard deviation.</summary>
    /// <param name="size">Height and width of a clip in pixels, 1 or more. The default value is 112.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static ClipAugmentation DualVarFineTuning(int size = 112)
        => DualVarScaled(portrait: true, size).RandomCrop(size).HorizontalFlip().ColorJitter(0.8, 0.8, 0.8, 0.2, probability: 0.8, rounded: false).NormalizeImageNet();

    /// <summary>DualVar's testing: scaled as in <see cref="DualVar"/>, center crop, ImageNet's mean and standard deviation.</summary>
    /// <param name="size">Height and width of a clip in pixels, 1 or more. The default value is 112.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The size is below 1.</exception>
    public static ClipAugmentation DualVarTest(int size = 112) => DualVarScaled(portrait: true, size).CenterCrop(size).NormalizeImageNet();

    // 128 and 171 for clips of 112.
    private static ClipAugmentation DualVarScaled(bool portrait, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        var (shorter, longer) = ((int)Math.Round(size * 128 / 112.0), (int)Math.Round(size * 171 / 112.0));
        return Start().Resize(portrait ? longer : shorter, portrait ? shorter : longer, ResizeFilter.Bicubic);
    }
}
