namespace Tclr.Data;

/// <summary>How videos are decoded by the <c>ffmpeg</c> command.</summary>
public sealed record FfmpegVideoReaderOptions
{
    /// <summary>The <c>ffmpeg</c> command: a name that is looked up on the PATH, or a path. <c>ffprobe</c> is expected beside it.</summary>
    /// <value>The default value is <c>ffmpeg</c>.</value>
    public string Executable { get; init; } = "ffmpeg";

    /// <summary>Length in pixels to which a frame's short side is shrunk while decoding (mean over the area); never enlarged.</summary>
    /// <value>1 or more. The default value is <see langword="null"/>: frames keep their size.</value>
    public int? ShortSide { get; init; }

    /// <summary>Threads of the decoder for each open video.</summary>
    /// <value>1 to 64. The default value is 1.</value>
    public int DecoderThreads { get; init; } = 1;

    /// <summary>How long one call may take before the process is killed and the video counts as faulty (<see cref="VideoFault.TimeOut"/>).</summary>
    /// <value>1 millisecond to 24 hours. The default value is 2 minutes.</value>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(2);

    internal void Check()
    {
        OptionCheck.NotBlank(Executable, nameof(Executable));
        OptionCheck.AtLeast(ShortSide ?? 1, 1, nameof(ShortSide));
        OptionCheck.Between(DecoderThreads, 1, 64, nameof(DecoderThreads));
        OptionCheck.Between(TimeLimit, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(24), nameof(TimeLimit));
    }
}
