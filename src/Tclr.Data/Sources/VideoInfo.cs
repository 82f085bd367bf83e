namespace Tclr.Data;

/// <summary>What a video is, found by decoding it.</summary>
/// <param name="Frames">Number of frames that decode one after the other from the start; not the header's number, which is often wrong.</param>
/// <param name="Width">Width of a frame in pixels, after the rotation that the file asks for.</param>
/// <param name="Height">Height of a frame in pixels, likewise.</param>
/// <param name="FramesPerSecond">Frames per second as the header has it; 0 where it has none.</param>
public sealed record VideoInfo(int Frames, int Width, int Height, double FramesPerSecond)
{
    /// <summary>Degrees by which the file asks for its frames to be turned; readers do so.</summary>
    /// <value>0, 90, 180 or 270. The default value is 0.</value>
    public int Rotation { get; init; }

    /// <summary>The codec's four characters, for instance <c>h264</c>; empty where the file has none.</summary>
    /// <value>The default value is empty.</value>
    public string Codec { get; init; } = string.Empty;

    /// <summary>Whether seeks were compared with a decode from the start and gave the same frames, bit for bit. A reader seeks only then.</summary>
    /// <value>The default value is <see langword="false"/>: not compared, or not the same.</value>
    public bool ExactSeeks { get; init; }

    /// <summary>Number of frames that the file holds or, where its end is missing, its header announces; 0 where that is not known.</summary>
    /// <value>0 or more. It may exceed <see cref="Frames"/> in an undamaged file too: some packets are not shown. The default value is 0.</value>
    public int AnnouncedFrames { get; init; }

    /// <summary>Whether decoding stops before the end of the video, at damage or where the file was cut: <see cref="Frames"/> is what is left.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool StopsEarly { get; init; }

    /// <summary>Whether all frames were seen to have the size and pixel format of the first; a reader that relies on it checks again where not.</summary>
    /// <value>The default value is <see langword="false"/>: not checked.</value>
    public bool ConstantFormat { get; init; }
}
