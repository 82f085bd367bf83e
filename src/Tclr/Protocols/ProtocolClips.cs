using Tclr.Data;
using Tclr.Evaluation;

namespace Tclr;

/// <summary>The clips of one part of an <see cref="EvaluationProtocol"/>.</summary>
public sealed record ProtocolClips
{
    /// <summary>Number of frames of a clip.</summary>
    /// <value>1 or more. The default value is 16.</value>
    public int Length { get; init; } = 16;

    /// <summary>Height and width of a clip in pixels.</summary>
    /// <value>1 or more. The default value is 112.</value>
    public int Size { get; init; } = 112;

    /// <summary>Number of clips of a test video; training takes one of each video in an epoch.</summary>
    /// <value>1 or more. The default value is 10.</value>
    public int Clips { get; init; } = 10;

    /// <summary>Number of spatial crops of each clip.</summary>
    /// <value>1, or 3 with the preprocessing of CVRL. The default value is 1.</value>
    public int Crops { get; init; } = 1;

    /// <summary>Whether the clips are for training: random in time and augmented. Otherwise they are deterministic.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool IsTraining { get; init; }

    /// <summary>The sampler.</summary>
    public required SamplerRecipe Sampler { get; init; }

    /// <summary>The preprocessing.</summary>
    public required AugmentationRecipe Augmentation { get; init; }

    /// <summary>The sampling in words, for reports: stride and starts.</summary>
    /// <value>The default value is the name of the sampler.</value>
    public string? SamplingText { get; init; }

    /// <summary>The preprocessing in words, for reports: resizing, crops, channel order, mean and standard deviation, augmentation.</summary>
    /// <value>The default value is the name of the augmentation.</value>
    public string? PreprocessingText { get; init; }

    /// <summary>Creates the sampler.</summary>
    /// <returns>The sampler.</returns>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public IClipSampler CreateSampler() => IsTraining ? Sampler.CreateFineTuning(Length) : Sampler.CreateTest(Clips, Length);

    /// <summary>Creates the preprocessing.</summary>
    /// <returns>The augmentation.</returns>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There are several crops without the preprocessing of CVRL.</exception>
    public IClipAugmentation CreateAugmentation() => (IsTraining, Crops) switch
    {
        (true, _) => Augmentation.CreateFineTuning(Size),
        (_, 1) => Augmentation.CreateTest(Size),
        _ when Augmentation == AugmentationRecipe.Cvrl => Augmentations.CvrlTest(Size, Crops),
        _ => throw new InvalidOperationException(FormattableString.Invariant($"expected one crop of a clip, got {Crops}: several crops are part of CVRL's preprocessing only")),
    };

    /// <summary>Creates the clips of videos, for <see cref="FeatureExtractor"/>.</summary>
    /// <param name="videos">The videos.</param>
    /// <param name="reader">The reader; <see langword="null"/> for an <see cref="OpenCvVideoReader"/>.</param>
    /// <param name="loading">Settings of the loader; <see langword="null"/> for the defaults.</param>
    /// <returns>The clips, <c>[Clips * Crops, 3, Length, Size, Size]</c> of each video.</returns>
    /// <exception cref="ArgumentException">The clips are for training, or a value is out of its range.</exception>
    /// <exception cref="VideoDataException">Videos are shorter than a clip.</exception>
    public VideoClips CreateClips(VideoIndex videos, IVideoReader? reader = null, ClipLoaderOptions? loading = null)
        => new(videos, reader ?? new OpenCvVideoReader(), CreateSampler(), CreateAugmentation(), loading);
}
