using Tclr.Data;

namespace Tclr;

/// <summary>The clips of a recipe: their length and size, how they are sampled and augmented.</summary>
/// <remarks>
/// Weights do not record the preprocessing that they were trained with, and another one gives worse results without an error.
/// </remarks>
/// <example><code>
/// using var pretrained = PretrainedEncoder.Load("model_best.pth", new() { Encoder = EncoderRecipe.Of("r3d18"), Clips = ClipRecipe.TclrReference });
/// </code></example>
public sealed partial record ClipRecipe
{
    /// <summary>Number of frames of a clip.</summary>
    /// <value>1 or more. The default value is 16.</value>
    public int Length { get; init; } = 16;

    /// <summary>Height and width of a clip in pixels.</summary>
    /// <value>1 or more. The default value is 112.</value>
    public int Size { get; init; } = 112;

    /// <summary>The clip sampler.</summary>
    /// <value>The default value is <see cref="SamplerRecipe.Tclr"/>.</value>
    public SamplerRecipe Sampler { get; init; } = SamplerRecipe.Tclr();

    /// <summary>Whether programs adapt length and stride of the clips to the videos with <see cref="TclrRecipe.FitClips"/> before training, as <c>tclr pretrain</c> does.</summary>
    /// <value>The default value is <see langword="false"/>. It is <see langword="false"/> in the adapted recipe.</value>
    public bool FitVideos { get; init; }

    /// <summary>The augmentation.</summary>
    /// <value>The default value is <see cref="AugmentationRecipe.TclrPaper"/>.</value>
    public AugmentationRecipe Augmentation { get; init; } = AugmentationRecipe.TclrPaper;

    /// <summary>Creates the sampler for pre-training.</summary>
    /// <returns>The sampler.</returns>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public IClipSampler CreateSampler() => Sampler.Create(Length);

    /// <summary>Creates the augmentation for pre-training.</summary>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentException">The size is out of its range.</exception>
    public IClipAugmentation CreateAugmentation() => Augmentation.Create(Size);

    /// <summary>Creates the deterministic sampler for evaluation.</summary>
    /// <param name="clips">Number of clips of a video, 1 or more. The default value is 10, as in the papers.</param>
    /// <returns>The sampler.</returns>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public IClipSampler CreateTestSampler(int clips = 10) => Sampler.CreateTest(clips, Length);

    /// <summary>Creates the sampler for training a classifier: one random clip of each video.</summary>
    /// <returns>The sampler.</returns>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public IClipSampler CreateFineTuningSampler() => Sampler.CreateFineTuning(Length);

    /// <summary>Creates the preprocessing for evaluation: deterministic, with the value range and channel order of pre-training.</summary>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentException">The size is out of its range.</exception>
    public IClipAugmentation CreateTestAugmentation() => Augmentation.CreateTest(Size);

    /// <summary>Creates the augmentation for training a classifier.</summary>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentException">The size is out of its range.</exception>
    public IClipAugmentation CreateFineTuningAugmentation() => Augmentation.CreateFineTuning(Size);
}
