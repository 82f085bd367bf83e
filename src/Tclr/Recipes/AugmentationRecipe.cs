using System.Text.Json.Serialization;
using Tclr.Core;
using Tclr.Data;

namespace Tclr;

/// <summary>The augmentation of a recipe. Derive from it for an augmentation of your own, and register it with <see cref="RecipeRegistry.Add{T}"/>.</summary>
[JsonDerivedType(typeof(TclrReferenceAugmentation), "tclr_reference")]
[JsonDerivedType(typeof(TclrPaperAugmentation), "tclr_paper")]
[JsonDerivedType(typeof(CvrlAugmentation), "cvrl")]
[JsonDerivedType(typeof(DualVarAugmentation), "dual_var")]
[JsonDerivedType(typeof(DemoAugmentation), "demo")]
[JsonDerivedType(typeof(CropFlipColorAugmentation), "crop_flip_color")]
public abstract record AugmentationRecipe
{
    /// <summary>The augmentation of TCLR's code, <see cref="Augmentations.TclrReference"/>; clips are BGR.</summary>
    public static AugmentationRecipe TclrReference { get; } = new TclrReferenceAugmentation();

    /// <summary>The augmentation of TCLR's paper, <see cref="Augmentations.TclrPaper"/>.</summary>
    public static AugmentationRecipe TclrPaper { get; } = new TclrPaperAugmentation();

    /// <summary>The augmentation of CVRL, <see cref="Augmentations.Cvrl"/>.</summary>
    public static AugmentationRecipe Cvrl { get; } = new CvrlAugmentation();

    /// <summary>The augmentation of DualVar, <see cref="Augmentations.DualVar"/>.</summary>
    public static AugmentationRecipe DualVar { get; } = new DualVarAugmentation();

    /// <summary>The augmentation of the demo videos, <see cref="Augmentations.Demo"/>, with its strengths to choose.</summary>
    /// <param name="smallestCrop">Smallest side of the random square crop as a fraction of the shorter side, in (0, 1]. The default value is 0.88.</param>
    /// <param name="colorMatrix">Strength of the random color matrix, 0 or more. The default value is 0.12.</param>
    /// <param name="grayProbability">Probability of gray clips, in [0, 1]. The default value is 0.3.</param>
    /// <param name="contrast">Largest relative change of contrast, in [0, 1]. The default value is 0.4.</param>
    /// <param name="brightness">Largest change of brightness, 0 or more. The default value is 0.3.</param>
    /// <returns>The recipe.</returns>
    public static AugmentationRecipe Demo(double smallestCrop = 0.88, double colorMatrix = 0.12, double grayProbability = 0.3, double contrast = 0.4, double brightness = 0.3)
        => new DemoAugmentation(smallestCrop, colorMatrix, grayProbability, contrast, brightness);

    /// <summary>Crop, flip and color jitter of small sets of real videos, <see cref="Augmentations.CropFlipColor"/>.</summary>
    /// <param name="smallestCrop">Smallest side of the random square crop as a fraction of the shorter side, in (0, 1]. The default value is 0.6.</param>
    /// <returns>The recipe.</returns>
    public static AugmentationRecipe CropFlipColor(double smallestCrop = 0.6) => new CropFlipColorAugmentation(smallestCrop);

    /// <summary>Creates the augmentation for pre-training.</summary>
    /// <param name="size">Height and width of a clip in pixels.</param>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public abstract IClipAugmentation Create(int size);

    /// <summary>Creates the preprocessing for evaluation: deterministic, with the value range and channel order of pre-training.</summary>
    /// <param name="size">Height and width of a clip in pixels.</param>
    /// <returns>The augmentation.</returns>
    public abstract IClipAugmentation CreateTest(int size);

    /// <summary>Creates the augmentation for training a classifier.</summary>
    /// <param name="size">Height and width of a clip in pixels.</param>
    /// <returns>The augmentation; that of pre-training unless overridden.</returns>
    public virtual IClipAugmentation CreateFineTuning(int size) => Create(size);

    private sealed record TclrReferenceAugmentation : AugmentationRecipe
    {
        public override IClipAugmentation Create(int size) => Augmentations.TclrReference(size);

        public override IClipAugmentation CreateTest(int size) => Augmentations.TclrTest(size);

        public override IClipAugmentation CreateFineTuning(int size) => Augmentations.TclrFineTuning(size);
    }

    private sealed record TclrPaperAugmentation : AugmentationRecipe
    {
        public override IClipAugmentation Create(int size) => Augmentations.TclrPaper(size);

        public override IClipAugmentation CreateTest(int size) => Augmentations.TclrTest(size, ChannelOrder.Rgb);

        public override IClipAugmentation CreateFineTuning(int size) => Augmentations.TclrFineTuning(size, ChannelOrder.Rgb);
    }

    private sealed record CvrlAugmentation : AugmentationRecipe
    {
        public override IClipAugmentation Create(int size) => Augmentations.Cvrl(size);

        public override IClipAugmentation CreateTest(int size) => Augmentations.CvrlTest(size, crops: 1);

        public override IClipAugmentation CreateFineTuning(int size) => Augmentations.CvrlFineTuning(size);
    }

    private sealed record DualVarAugmentation : AugmentationRecipe
    {
        public override IClipAugmentation Create(int size) => Augmentations.DualVar(size: size);

        public override IClipAugmentation CreateTest(int size) => Augmentations.DualVarTest(size);

        public override IClipAugmentation CreateFineTuning(int size) => Augmentations.DualVarFineTuning(size);
    }

    private sealed record DemoAugmentation(double SmallestCrop = 0.88, double ColorMatrix = 0.12, double GrayProbability = 0.3, double Contrast = 0.4, double Brightness = 0.3) : AugmentationRecipe
    {
        public override IClipAugmentation Create(int size) => Augmentations.Start()
            .RandomSquareCrop(SmallestCrop, 1)
            .Resize(size)
            .ColorMatrix(ColorMatrix, GrayProbability)
            .Contrast(1 - Contrast, 1 + Contrast)
            .Brightness(-Brightness, Brightness)
            .Shift(-0.5);

        public override IClipAugmentation CreateTest(int size) => Augmentations.Evaluation(size);
    }

    private sealed record CropFlipColorAugmentation(double SmallestCrop = 0.6) : AugmentationRecipe
    {
        public override IClipAugmentation Create(int size) => Augmentations.CropFlipColor(size, SmallestCrop);

        public override IClipAugmentation CreateTest(int size) => Augmentations.Evaluation(size);
    }
}
