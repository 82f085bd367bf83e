namespace Tclr.Data;

/// <summary>A damaged or truncated video of which only the first frames are used.</summary>
/// <param name="Path">Path of the file.</param>
/// <param name="Frames">Number of frames that decode.</param>
/// <param name="AnnouncedFrames">Number of frames that the file holds or its header announces; 0 if unknown.</param>
public sealed record IncompleteVideo(string Path, int Frames, int AnnouncedFrames)
{
    /// <summary>Describes the video in words.</summary>
    /// <returns>For instance <c>28 of 49 frames can be read</c>.</returns>
    public override string ToString() => AnnouncedFrames > Frames
        ? FormattableString.Invariant($"{Frames} of {AnnouncedFrames} frames can be read")
        : FormattableString.Invariant($"{Frames} frames can be read, and the file is cut");
}
