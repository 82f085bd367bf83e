namespace OpenCvSharp;

/// <summary>What can be asked of an open video.</summary>
public enum VideoCaptureProperties
{
    /// <summary>Index of the frame that is read next.</summary>
    PosFrames = 1,

    /// <summary>Width of a frame in pixels.</summary>
    FrameWidth = 3,

    /// <summary>Height of a frame in pixels.</summary>
    FrameHeight = 4,

    /// <summary>Frames per second.</summary>
    Fps = 5,

    /// <summary>The codec's four characters.</summary>
    FourCC = 6,

    /// <summary>Number of frames as the file's header has it, which is often wrong.</summary>
    FrameCount = 7,

    /// <summary>Rotation in degrees that the file asks for.</summary>
    OrientationMeta = 48,

    /// <summary>Whether frames are turned as the file asks; the default where the backend can.</summary>
    OrientationAuto = 49,
}
