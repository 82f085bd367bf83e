namespace Tclr.Data;

/// <summary>The kind of fault of a video.</summary>
public enum VideoFault
{
    /// <summary>The file is not a video, or no decoder opens it.</summary>
    NotAVideo,

    /// <summary>The file exists but cannot be read, for example without permission.</summary>
    Unreadable,

    /// <summary>The video has fewer frames than a clip needs.</summary>
    TooShort,

    /// <summary>The video opens, but frames cannot be decoded.</summary>
    DecodeError,

    /// <summary>The file does not exist.</summary>
    Missing,

    /// <summary>The file is truncated, and too few frames are left.</summary>
    Truncated,

    /// <summary>Decoding exceeded the time limit.</summary>
    TimeOut,

    /// <summary>The frame size or pixel format changes within the video, which the reader does not support.</summary>
    FormatChange,
}
