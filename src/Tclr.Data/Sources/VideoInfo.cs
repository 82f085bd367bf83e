namespace Tclr.Data;

/// <summary>Properties of a video, found by decoding it.</summary>
/// <param name="Frames">Number of frames that decode. The number in the header is often wrong.</param>
/// <param name="Width">Width of a frame in pixels, after the rotation that the file states.</param>
/// <param name="Height">Height of a frame in pixels, likewise.</param>
/// <param name="FramesPerSecond">Frames per second as the header states; 0 if it does not.</param>
public sealed record VideoInfo(int Frames, int Width, int Height, double FramesPerSecond)
{
    /// <summary>Rotation in degrees that the file states; readers apply it.</summary>
    /// <value>0, 90, 180 or 270. The default value is 0.</value>
    public int Rotation { get; init; }

    /// <summary>Four-character code of the codec, such as <c>h264</c>; empty if the file has none.</summary>
    /// <value>The default value is empty.</value>
    public string Codec { get; init; } = string.Empty;

    /// <summary>Whether seeks were verified to give the frames of a sequential decode, bit for bit. A reader seeks only in such videos.</summary>
    /// <value>The default value is <see langword="false"/>: not verified, or different.</value>
    public bool ExactSeeks { get; init; }

    /// <summary>Number of frames that the file holds, or that the header of a truncated file announces; 0 if unknown.</summary>
    /// <value>0 or more. It may exceed <see cref="Frames"/> in an intact file, because some packets are not shown. The default value is 0.</value>
    public int AnnouncedFrames { get; init; }

    /// <summary>Whether decoding stops before the end of the video because the file is damaged or truncated.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool StopsEarly { get; init; }

    /// <summary>Whether all frames were verified to have the size and pixel format of the first.</summary>
    /// <value>The default value is <see langword="false"/>: not checked.</value>
    public bool ConstantFormat { get; init; }
}
