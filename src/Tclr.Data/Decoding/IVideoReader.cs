namespace Tclr.Data;

/// <summary>Decodes videos. Implementations are thread-safe.</summary>
public interface IVideoReader
{
    /// <summary>
    /// Identifies everything that the frames depend on besides the file: decoder, version, size, interpolation.
    /// Readers with equal texts return the same frames of the same file, bit for bit. A <see cref="FrameCache"/> stores frames under this text.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: unknown, so the frames cannot be cached.</value>
    string? FrameSettings => null;

    /// <summary>Opens a video and decodes it to its end.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="proveSeeks">Whether to verify that seeks are frame-accurate, which takes several times as long.</param>
    /// <param name="cancellationToken">Stops decoding.</param>
    /// <returns>Properties of the video, with the number of frames that decode.</returns>
    /// <exception cref="VideoDataException">The file is missing, unreadable or not a video, decoding takes too long, or there is no frame; <see cref="VideoDataException.Video"/> says which.</exception>
    VideoInfo Probe(string path, bool proveSeeks = false, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="Probe(string, bool, CancellationToken)"/>, with progress.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="proveSeeks">Whether to verify that seeks are frame-accurate.</param>
    /// <param name="progress">Reports the share of the video that is done, 0 to 1; may be <see langword="null"/>. A reader need not report.</param>
    /// <param name="cancellationToken">Stops decoding.</param>
    /// <returns>Properties of the video.</returns>
    /// <exception cref="VideoDataException">As for the other overload.</exception>
    VideoInfo Probe(string path, bool proveSeeks, IProgress<double>? progress, CancellationToken cancellationToken) => Probe(path, proveSeeks, cancellationToken);

    /// <summary>Decodes some frames of a video, each once.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="frames">Indices from 0, one or more, ascending and distinct.</param>
    /// <param name="known">The result of <see cref="Probe(string, bool, CancellationToken)"/>, which allows a reader to seek; <see langword="null"/> if there is none. The frames are the same in both cases.</param>
    /// <param name="cancellationToken">Stops decoding.</param>
    /// <returns>The frames, in that order; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">The indices are not ascending and distinct.</exception>
    /// <exception cref="VideoDataException">The video cannot be opened, takes too long, or a frame up to the last one needed cannot be decoded.</exception>
    FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, VideoInfo? known = null, CancellationToken cancellationToken = default);
}
