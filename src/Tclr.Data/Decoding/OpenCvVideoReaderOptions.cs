namespace Tclr.Data;

/// <summary>How videos are decoded.</summary>
public sealed record OpenCvVideoReaderOptions
{
    /// <summary>Length in pixels to which a frame's short side is shrunk while decoding (mean over the area); never enlarged.</summary>
    /// <value>1 or more. The default value is <see langword="null"/>: frames keep their size.</value>
    public int? ShortSide { get; init; }

    /// <summary>Threads of the decoder for each open video. Many videos are decoded at a time, so more than one seldom pays.</summary>
    /// <value>1 to 64. The default value is 1.</value>
    public int DecoderThreads { get; init; } = 1;

    /// <summary>How long one call may take before the video counts as faulty (<see cref="VideoFault.TimeOut"/>).</summary>
    /// <value>1 millisecond to 24 hours. The default value is 2 minutes.</value>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(2);

    internal void Check()
    {
        OptionCheck.AtLeast(ShortSide ?? 1, 1, nameof(ShortSide));
        OptionCheck.Between(DecoderThreads, 1, 64, nameof(DecoderThreads));
        OptionCheck.Between(TimeLimit, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(24), nameof(TimeLimit));
    }
}
