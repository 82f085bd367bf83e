namespace Tclr.Data;

/// <summary>Options of a <see cref="FfmpegVideoReader"/>.</summary>
public sealed record FfmpegVideoReaderOptions
{
    /// <summary>The <c>ffmpeg</c> command: a name that is looked up on the PATH, or a path. <c>ffprobe</c> is expected beside it.</summary>
    /// <value>The default value is <c>ffmpeg</c>.</value>
    public string Executable { get; init; } = "ffmpeg";

    /// <summary>Length in pixels of the short side of a frame after decoding (area interpolation). Frames are not enlarged.</summary>
    /// <value>1 or more. The default value is <see langword="null"/>: frames keep their size.</value>
    public int? ShortSide { get; init; }

    /// <summary>Threads of the decoder for each open video.</summary>
    /// <value>1 to 64. The default value is 1.</value>
    public int DecoderThreads { get; init; } = 1;

    /// <summary>How long one call may take before the process is killed and the video counts as faulty (<see cref="VideoFault.TimeOut"/>).</summary>
    /// <value>1 millisecond to 24 hours. The default value is 2 minutes.</value>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(2);

    internal void Check(OptionChecker check)
    {
        check.Require(!string.IsNullOrWhiteSpace(Executable), Executable, "a command or path");
        check.AtLeast(ShortSide ?? 1, 1, nameof(ShortSide));
        check.Between(DecoderThreads, 1, 64);
        check.Require(TimeLimit >= TimeSpan.FromMilliseconds(1) && TimeLimit <= TimeSpan.FromHours(24), TimeLimit, "1 millisecond to 24 hours");
    }
}
