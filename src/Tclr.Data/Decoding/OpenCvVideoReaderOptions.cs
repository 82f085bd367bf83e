namespace Tclr.Data;

/// <summary>How videos are decoded.</summary>
public sealed record OpenCvVideoReaderOptions
{
    /// <summary>Length in pixels to which a frame's short side is shrunk while decoding (mean over the area); never enlarged.</summary>
    /// <value>1 or more. The default value is <see langword="null"/>: frames keep their size.</value>
    public int? ShortSide { get; init; }

    internal void Check()
    {
        OptionCheck.AtLeast(ShortSide ?? 1, 1, nameof(ShortSide));
    }
}
