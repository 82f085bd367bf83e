using Tclr.Data;

namespace Tclr.Evaluation;

/// <summary>Options of <see cref="VideoMoments"/>.</summary>
public sealed record MomentOptions
{
    /// <summary>Number of moments of each video: clips at regular places from its start to its end.</summary>
    /// <value>An even number, 4 or more. The default value is 8.</value>
    public int Moments { get; init; } = 8;

    /// <summary>Number of frames <c>T</c> of a clip.</summary>
    /// <value>1 or more. The default value is 16.</value>
    public int ClipLength { get; init; } = 16;

    /// <summary>Frame stride of a clip.</summary>
    /// <value>The default value is 1 frame.</value>
    public ClipStride Stride { get; init; } = 1;

    /// <summary>The feature of a clip: the mean over its timesteps, or all of them.</summary>
    /// <value><see cref="FeaturePooling.Mean"/> or <see cref="FeaturePooling.Timesteps"/>. The default value is the mean.</value>
    public FeaturePooling Pooling { get; init; }

    /// <summary>Number of videos in a batch; the encoder gets <c>2 Moments</c> clips of each.</summary>
    /// <value>1 or more. The default value is 2.</value>
    public int BatchSize { get; init; } = 2;

    /// <summary>Number of videos, evenly spaced, whose queries are kept as pictures for a report.</summary>
    /// <value>0 or more. The default value is 6.</value>
    public int Examples { get; init; } = 6;

    /// <summary>How the videos are loaded.</summary>
    /// <value>The default value is <see langword="null"/>: the defaults of the loader.</value>
    public ClipLoaderOptions? Loading { get; init; }

    internal void Check(OptionChecker check)
    {
        check.Require(Moments >= 4 && Moments % 2 == 0, Moments, "an even number of 4 or more");
        check.AtLeast(ClipLength, 1);
        check.Require(Pooling is FeaturePooling.Mean or FeaturePooling.Timesteps, Pooling, "Mean or Timesteps");
        check.AtLeast(BatchSize, 1);
        check.AtLeast(Examples, 0);
    }
}
