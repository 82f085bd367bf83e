namespace Tclr.Data;

/// <summary>A video or a list of videos cannot be used; the message says which one, what was expected and what to do.</summary>
public sealed class VideoDataException : TclrException
{
    /// <summary>Creates an error.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">The cause.</param>
    public VideoDataException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Creates an error about one video.</summary>
    /// <param name="video">The video and what is wrong with it.</param>
    /// <param name="innerException">The cause.</param>
    public VideoDataException(FaultyVideo video, Exception? innerException = null)
        : base($"'{video?.Path}': {video?.Reason}", innerException)
    {
        ArgumentNullException.ThrowIfNull(video);
        Video = video;
        Videos = [video];
    }

    /// <summary>Creates an error about several videos.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="videos">All of the videos and what is wrong with each.</param>
    public VideoDataException(string message, IReadOnlyList<FaultyVideo> videos)
        : base(message)
    {
        ArgumentNullException.ThrowIfNull(videos);
        Videos = videos;
    }

    /// <summary>The video; <see langword="null"/> if the error is about more than one.</summary>
    public FaultyVideo? Video { get; }

    /// <summary>All videos that the error is about; its message names the first few.</summary>
    public IReadOnlyList<FaultyVideo> Videos { get; } = [];
}
