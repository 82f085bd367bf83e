namespace OpenCvSharp;

/// <summary>Which of OpenCV's backends opens a video.</summary>
public enum VideoCaptureAPIs
{
    /// <summary>Whichever succeeds first.</summary>
    ANY = 0,

    /// <summary>FFmpeg's libraries.</summary>
    FFMPEG = 1900,
}
