namespace Tclr.Data;

/// <summary>Options of <see cref="VideoIndex.ScanAsync"/>.</summary>
public sealed record VideoIndexOptions
{
    /// <summary>Minimum number of frames of a usable video, such as the sampler's <see cref="IClipSampler.MinimumFrames"/>.</summary>
    /// <value>1 or more. The default value is 1.</value>
    public int MinimumFrames { get; init; } = 1;

    /// <summary>Maximum fraction of videos that may be faulty; a single one is always tolerated.</summary>
    /// <value>0 to 1. The default value is 0.1.</value>
    public double MaximumFaultyShare { get; init; } = 0.1;

    /// <summary>Number of videos that are scanned in parallel.</summary>
    /// <value>1 or more. The default value is the number of processors, 16 at most.</value>
    public int Workers { get; init; } = Math.Min(Environment.ProcessorCount, 16);

    /// <summary>The reader that opens the videos.</summary>
    /// <value>The default value is an <see cref="OpenCvVideoReader"/>.</value>
    public IVideoReader Reader { get; init; } = new OpenCvVideoReader();

    /// <summary>
    /// A cache file. A later scan opens only videos that are new or whose size or time changed.
    /// The file is written atomically at the end, also when the scan is canceled; a damaged one is replaced.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: no cache.</value>
    public string? CachePath { get; init; }

    /// <summary>
    /// Whether to verify which videos seek frame-accurately (<see cref="VideoInfo.ExactSeeks"/>). Loading from long videos
    /// is faster then, and the scan takes several times as long.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: if there is a <see cref="CachePath"/>.</value>
    public bool? ProveSeeks { get; init; }

    internal bool SeeksWanted => ProveSeeks ?? CachePath is not null;

    internal void Check(OptionChecker check)
    {
        check.AtLeast(MinimumFrames, 1);
        check.AtLeast(Workers, 1);
        check.Between(MaximumFaultyShare, 0, 1);
        check.Require(Reader is not null, Reader, "a reader");
        check.Require(CachePath is null || !string.IsNullOrWhiteSpace(CachePath), CachePath, "a path");
    }
}
