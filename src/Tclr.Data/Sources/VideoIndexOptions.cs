namespace Tclr.Data;

/// <summary>How a data set is scanned.</summary>
public sealed record VideoIndexOptions
{
    /// <summary>Fewest frames of a usable video: the sampler's <see cref="IClipSampler.MinimumFrames"/>.</summary>
    /// <value>1 or more. The default value is 1.</value>
    public int MinimumFrames { get; init; } = 1;

    /// <summary>Largest share of videos that may be faulty; a single one is always tolerated.</summary>
    /// <value>0 to 1. The default value is 0.1.</value>
    public double MaximumFaultyShare { get; init; } = 0.1;

    /// <summary>Number of videos that are scanned at a time.</summary>
    /// <value>1 or more. The default value is the number of processors, 16 at most.</value>
    public int Workers { get; init; } = Math.Min(Environment.ProcessorCount, 16);

    /// <summary>What opens the videos.</summary>
    /// <value>The default value is an <see cref="OpenCvVideoReader"/>.</value>
    public IVideoReader Reader { get; init; } = new OpenCvVideoReader();

    /// <summary>
    /// A file that keeps what was found, so that a later scan opens only videos that are new or have another size or time.
    /// It is written as a whole at the end, also when the scan is stopped; one that is damaged is made anew.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: nothing is kept.</value>
    public string? CachePath { get; init; }

    /// <summary>
    /// Whether to find out in which videos seeks are exact (<see cref="VideoInfo.ExactSeeks"/>), which makes loading from
    /// longer videos faster and the scan several times as long.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: where there is a <see cref="CachePath"/> to remember it.</value>
    public bool? ProveSeeks { get; init; }

    internal bool SeeksWanted => ProveSeeks ?? CachePath is not null;

    internal void Check()
    {
        OptionCheck.AtLeast(MinimumFrames, 1, nameof(MinimumFrames));
        OptionCheck.AtLeast(Workers, 1, nameof(Workers));
        OptionCheck.Share(MaximumFaultyShare, nameof(MaximumFaultyShare));
        OptionCheck.Given(Reader, nameof(Reader));
        OptionCheck.NotBlank(CachePath, nameof(CachePath));
    }
}
