namespace Tclr.Data;

/// <summary>Options of <see cref="VideoWindow.Slide"/>.</summary>
public sealed record SlidingWindowOptions
{
    /// <summary>Number of frames <c>T</c> of a window's clip.</summary>
    /// <value>1 or more. The default value is 16.</value>
    public int ClipLength { get; init; } = 16;

    /// <summary>The step from a frame of the clip to the next.</summary>
    /// <value>The default value is 2 frames.</value>
    public ClipStride Stride { get; init; } = 2;

    /// <summary>The step from a window's start to the next one's, in frames.</summary>
    /// <value>1 or more. The default value is <see langword="null"/>: <see cref="HopSeconds"/>, or windows side by side (<c>ClipLength * Stride</c>) without it.</value>
    public int? HopFrames { get; init; }

    /// <summary>The step from a window's start to the next one's, in seconds: <c>round(fps s)</c> frames, at least 1.</summary>
    /// <value>Above 0. The default value is <see langword="null"/>: <see cref="HopFrames"/>.</value>
    public double? HopSeconds { get; init; }

    internal void Check(OptionChecker check)
    {
        check.AtLeast(ClipLength, 1);
        check.AtLeast(HopFrames ?? 1, 1, nameof(HopFrames));
        check.Positive(HopSeconds ?? 1, nameof(HopSeconds));
        check.Require(HopFrames is null || HopSeconds is null, HopSeconds, "one of HopFrames and HopSeconds", nameof(HopSeconds));
    }
}
