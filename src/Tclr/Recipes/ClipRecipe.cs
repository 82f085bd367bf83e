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
}

/// <summary>Which clips, and how they are augmented.</summary>
public sealed record ClipRecipe
{
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
        _ => throw RecipeChoice.Unknown(Augmentation),
    };
}
