namespace Tclr.Data;

/// <summary>Options of an <see cref="OpenCvVideoReader"/> or a <see cref="FfmpegVideoReader"/>.</summary>
public sealed record VideoReaderOptions
{
    /// <summary>Length in pixels of the short side of a frame after decoding (area interpolation). Frames are not enlarged.</summary>
    /// <value>1 or more. The default value is <see langword="null"/>: frames keep their size.</value>
    public int? ShortSide { get; init; }

    /// <summary>Threads of the decoder for each open video. Many videos are decoded at a time, so more than one seldom pays.</summary>
    /// <value>1 to 64. The default value is 1.</value>
    public int DecoderThreads { get; init; } = 1;

    /// <summary>Time limit of one call; a video that takes longer is faulty (<see cref="VideoFault.TimeOut"/>).</summary>
    /// <value>1 millisecond to 24 hours. The default value is 2 minutes.</value>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(2);

    internal void Check(OptionChecker check)
    {
        check.AtLeast(ShortSide ?? 1, 1, nameof(ShortSide));
        check.Between(DecoderThreads, 1, 64);
        check.Require(TimeLimit >= TimeSpan.FromMilliseconds(1) && TimeLimit <= TimeSpan.FromHours(24), TimeLimit, "1 millisecond to 24 hours");
    }
}
