namespace Tclr.Data;

/// <summary>What is wrong with a video.</summary>
public enum VideoFault
{
    /// <summary>The file is no video, or one that no decoder opens.</summary>
    NotAVideo,

    /// <summary>The file is there and cannot be read, for instance for lack of permission.</summary>
    Unreadable,

    /// <summary>The video has fewer frames than a clip needs.</summary>
    TooShort,

    /// <summary>The video opens, and frames of it cannot be decoded.</summary>
    DecodeError,

    /// <summary>The file is not there.</summary>
    Missing,

    /// <summary>The file ends before its own header says, and what is left does not do.</summary>
    Truncated,

    /// <summary>Decoding took longer than is allowed.</summary>
    TimeOut,

    /// <summary>Frame size or pixel format change within the video, which the reader cannot handle.</summary>
    FormatChange,
}
