using Tclr.Core;
using Tclr.Data;

namespace Tclr;

/// <summary>Whose clips: which frames the views show.</summary>
public enum SamplerKind
{
    /// <summary>Any window of the video: <see cref="ClipSamplers.Tclr"/>.</summary>
    Tclr,

    /// <summary>What the authors' code of TCLR draws: <see cref="ClipSamplers.TclrReference"/>.</summary>
    TclrReference,

    /// <summary>Two clips that are more often near than far: <see cref="ClipSamplers.Cvrl"/>.</summary>
    Cvrl,

    /// <summary>Two clips around random frames, and the first once more: <see cref="ClipSamplers.DualVar"/>.</summary>
    DualVar,
}

/// <summary>Whose augmentation.</summary>
public enum AugmentationKind
{
    /// <summary>The authors' code of TCLR: <see cref="Augmentations.TclrReference"/>.</summary>
    TclrReference,

    /// <summary>The paper of TCLR: <see cref="Augmentations.TclrPaper"/>.</summary>
    TclrPaper,

    /// <summary>CVRL's: <see cref="Augmentations.Cvrl"/>.</summary>
    Cvrl,

    /// <summary>That of the embedded set: <see cref="Augmentations.Demo"/>.</summary>
    Demo,

    /// <summary>DualVar's: <see cref="Augmentations.DualVar"/>.</summary>
    DualVar,
}

/// <summary>Which clips, and how they are augmented.</summary>
public sealed record ClipRecipe
{
    // Of the papers' linear evaluation and fine-tuning.
    private const int TestStride = 2;

    /// <summary>Whose clips.</summary>
    /// <value>The default value is <see cref="SamplerKind.Tclr"/>.</value>
    public SamplerKind Sampler { get; init; } = SamplerKind.Tclr;

    /// <summary>Frames of a clip.</summary>
    /// <value>1 or more. The default value is 16.</value>
    public int Length { get; init; } = 16;

    /// <summary>Local clips of a version, for TCLR's samplers; as many as the timesteps that the encoder keeps.</summary>
    /// <value>1 or more. The default value is 4.</value>
    public int Timesteps { get; init; } = 4;

    /// <summary>Whose augmentation.</summary>
    /// <value>The default value is <see cref="AugmentationKind.TclrPaper"/>.</value>
    public AugmentationKind Augmentation { get; init; } = AugmentationKind.TclrPaper;

    /// <summary>Height and width of a clip in pixels.</summary>
    /// <value>1 or more. The default value is 112.</value>
    public int Size { get; init; } = 112;

    /// <summary>Makes the sampler.</summary>
    /// <returns>The sampler.</returns>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public IClipSampler CreateSampler() => Sampler switch
    {
        SamplerKind.Tclr => ClipSamplers.Tclr(Length, Timesteps),
        SamplerKind.TclrReference => ClipSamplers.TclrReference(Length, Timesteps),
        SamplerKind.Cvrl => ClipSamplers.Cvrl(Length),
        SamplerKind.DualVar => ClipSamplers.DualVar(Length),
        _ => throw RecipeChoice.Unknown(Sampler),
    };

    /// <summary>Makes the augmentation.</summary>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentException">The size is out of its range.</exception>
    public IClipAugmentation CreateAugmentation() => Augmentation switch
    {
        AugmentationKind.TclrReference => Augmentations.TclrReference(Size),
        AugmentationKind.TclrPaper => Augmentations.TclrPaper(Size),
        AugmentationKind.Cvrl => Augmentations.Cvrl(Size),
        AugmentationKind.Demo => Augmentations.Demo(Size),
        AugmentationKind.DualVar => Augmentations.DualVar(size: Size),
        _ => throw RecipeChoice.Unknown(Augmentation),
    };

    /// <summary>Makes the sampler of clips to judge a video by: nothing is random, every second frame.</summary>
    /// <param name="clips">Number of clips, 1 or more. The default value is 10, as in the papers.</param>
    /// <returns><see cref="ClipSamplers.TclrTest"/> for <see cref="SamplerKind.TclrReference"/>, <see cref="ClipSamplers.DualVarTest"/> for <see cref="SamplerKind.DualVar"/>, <see cref="ClipSamplers.Uniform"/> for the others.</returns>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public IClipSampler CreateTestSampler(int clips = 10) => Sampler switch
    {
        SamplerKind.TclrReference => ClipSamplers.TclrTest(clips, Length),
        SamplerKind.DualVar => ClipSamplers.DualVarTest(clips, Length, TestStride),
        SamplerKind.Tclr or SamplerKind.Cvrl => ClipSamplers.Uniform(clips, Length, TestStride),
        _ => throw RecipeChoice.Unknown(Sampler),
    };

    /// <summary>Makes the sampler of clips to train a classifier with: one of each video, anywhere, every second frame.</summary>
    /// <returns><see cref="ClipSamplers.Random"/>.</returns>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public IClipSampler CreateFineTuningSampler() => ClipSamplers.Random(clips: 1, Length, TestStride);

    /// <summary>Makes what turns frames into clips to judge a video by: nothing is random, values and channels are as in training.</summary>
    /// <returns>
    /// <see cref="Augmentations.TclrTest"/> for TCLR's (BGR for the authors' code, RGB for the paper), <see cref="Augmentations.Evaluation"/>
    /// for the embedded set's, the middle square for CVRL's, the middle of the scaled frame with ImageNet's mean and deviation for DualVar's.
    /// </returns>
    /// <exception cref="ArgumentException">The size is out of its range.</exception>
    public IClipAugmentation CreateTestAugmentation() => Augmentation switch
    {
        AugmentationKind.TclrReference => Augmentations.TclrTest(Size),
        AugmentationKind.TclrPaper => Augmentations.TclrTest(Size, ChannelOrder.Rgb),
        AugmentationKind.Cvrl => Augmentations.Start().CenterSquareCrop().Resize(Size, ResizeFilter.BilinearNoAntialias),
        AugmentationKind.Demo => Augmentations.Evaluation(Size),
        AugmentationKind.DualVar => Augmentations.DualVarTest(Size),
        _ => throw RecipeChoice.Unknown(Augmentation),
    };

    /// <summary>Makes the augmentation to train a classifier with.</summary>
    /// <returns>
    /// <see cref="Augmentations.TclrFineTuning"/> for TCLR's (BGR for the authors' code, RGB for the paper), <see cref="Augmentations.Demo"/>
    /// for the embedded set's, crop and flip of CVRL's, <see cref="Augmentations.DualVarFineTuning"/>.
    /// </returns>
    /// <exception cref="ArgumentException">The size is out of its range.</exception>
    public IClipAugmentation CreateFineTuningAugmentation() => Augmentation switch
    {
        AugmentationKind.TclrReference => Augmentations.TclrFineTuning(Size),
        AugmentationKind.TclrPaper => Augmentations.TclrFineTuning(Size, ChannelOrder.Rgb),
        AugmentationKind.Cvrl => Augmentations.Start().RandomResizedCrop(0.3, 1, 0.5, 2).Resize(Size, ResizeFilter.BilinearNoAntialias).HorizontalFlip(),
        AugmentationKind.Demo => Augmentations.Demo(Size),
        AugmentationKind.DualVar => Augmentations.DualVarFineTuning(Size),
        _ => throw RecipeChoice.Unknown(Augmentation),
    };
}
