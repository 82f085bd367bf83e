namespace Tclr.Data;

/// <summary>Decodes videos. One reader serves any number of threads.</summary>
public interface IVideoReader
{
    /// <summary>Opens a video and decodes it to its end.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="proveSeeks">Whether to find out if seeks are exact, which takes several times as long.</param>
    /// <param name="cancellationToken">Stops decoding.</param>
    /// <returns>What the video is, with the number of frames that really decode.</returns>
    /// <exception cref="VideoDataException">The video is missing, unreadable, none, takes too long or has no frame; <see cref="VideoDataException.Video"/> says which.</exception>
    VideoInfo Probe(string path, bool proveSeeks = false, CancellationToken cancellationToken = default);

    /// <summary>Does the same as <see cref="Probe(string, bool, CancellationToken)"/> and says how far it has come.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="proveSeeks">Whether to find out if seeks are exact.</param>
    /// <param name="progress">Hears now and then the share of the video that is done, 0 to 1; <see langword="null"/> where nobody does. A reader need not report.</param>
    /// <param name="cancellationToken">Stops decoding.</param>
    /// <returns>What the video is.</returns>
    /// <exception cref="VideoDataException">As there.</exception>
    VideoInfo Probe(string path, bool proveSeeks, IProgress<double>? progress, CancellationToken cancellationToken) => Probe(path, proveSeeks, cancellationToken);

    /// <summary>Decodes some frames of a video, each once.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="frames">Indices from 0, one or more, ascending and distinct.</param>
    /// <param name="known">What <see cref="Probe(string, bool, CancellationToken)"/> found, for a reader to seek where that is exact; <see langword="null"/> where nothing is known. The frames are the same either way.</param>
    /// <param name="cancellationToken">Stops decoding.</param>
    /// <returns>The frames, in that order; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">The indices are not ascending and distinct.</exception>
    /// <exception cref="VideoDataException">The video cannot be opened, takes too long, or a frame up to the last one needed cannot be decoded.</exception>
    FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, VideoInfo? known = null, CancellationToken cancellationToken = default);
}
