namespace Tclr.Data;

/// <summary>Reads frames from a cache, and decodes videos that are not in it.</summary>
internal sealed class CachedVideoReader(FrameCache cache, IVideoReader inner, string settings) : IVideoReader
{
    /// <inheritdoc/>
    public string FrameSettings => settings;

    /// <summary>Gets the reader behind a cache, which frames, index and runs depend on.</summary>
    public static IVideoReader Undecorated(IVideoReader reader) => reader is CachedVideoReader cached ? cached.Inner : reader;

    private IVideoReader Inner => inner;

    /// <inheritdoc/>
    public VideoInfo Probe(string path, bool proveSeeks = false, CancellationToken cancellationToken = default) => inner.Probe(path, proveSeeks, cancellationToken);

    /// <inheritdoc/>
    public VideoInfo Probe(string path, bool proveSeeks, IProgress<double>? progress, CancellationToken cancellationToken)
        => inner.Probe(path, proveSeeks, progress, cancellationToken);

    /// <inheritdoc/>
    public FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, VideoInfo? known = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        FrameIndices.Check(frames);
        cancellationToken.ThrowIfCancellationRequested();
        if (FrameKey.Of(path, settings) is { } key && cache.Read(key, frames, inner, known, path, cancellationToken) is { } window)
        {
            return window;
        }

        cache.Decoded();
        return inner.ReadFrames(path, frames, known, cancellationToken);
    }
}
