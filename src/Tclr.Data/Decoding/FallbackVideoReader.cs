using System.Collections.Concurrent;

namespace Tclr.Data;

/// <summary>Decodes with one reader, and falls back to a second one for videos that the first cannot decode.</summary>
/// <remarks>A video goes to the second reader if the first reports that it is not a video, cannot be decoded, or changes its format. All later calls for that video go there too.</remarks>
/// <example><code>
/// IVideoReader reader = new FallbackVideoReader(new OpenCvVideoReader(), new FfmpegVideoReader());
/// </code></example>
public sealed class FallbackVideoReader : IVideoReader
{
    private readonly IVideoReader first;
    private readonly IVideoReader second;
    private readonly ConcurrentDictionary<string, bool> seconds = new(StringComparer.Ordinal);

    /// <summary>Creates a reader.</summary>
    /// <param name="first">The reader to try first.</param>
    /// <param name="second">The reader for the other videos.</param>
    public FallbackVideoReader(IVideoReader first, IVideoReader second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        this.first = first;
        this.second = second;
    }

    /// <inheritdoc/>
    /// <value>The texts of both readers; <see langword="null"/> if one of them has none.</value>
    public string? FrameSettings => first.FrameSettings is { } one && second.FrameSettings is { } other ? $"{one}; else {other}" : null;

    /// <inheritdoc/>
    public VideoInfo Probe(string path, bool proveSeeks = false, CancellationToken cancellationToken = default)
        => Probe(path, proveSeeks, null, cancellationToken);

    /// <inheritdoc/>
    public VideoInfo Probe(string path, bool proveSeeks, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        try
        {
            // Scanned again: the file may have changed.
            var info = first.Probe(path, proveSeeks, progress, cancellationToken);
            seconds.TryRemove(path, out _);
            return info;
        }
        catch (VideoDataException e) when (IsForSecond(e))
        {
            try
            {
                var info = second.Probe(path, proveSeeks, progress, cancellationToken);
                seconds[path] = true;
                return info with { ConstantFormat = false };
            }
            catch (VideoDataException other) when (other.Video is null)
            {
                // The second reader does not work at all, for example if a command is not installed.
                throw new VideoDataException(e.Video! with { Reason = $"{e.Video.Reason} ({other.Message})" }, e);
            }
        }
    }

    /// <inheritdoc/>
    public FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, VideoInfo? known = null, CancellationToken cancellationToken = default)
    {
        // A video from a cached index, whose format was not checked, is tried with the first reader.
        if (!seconds.ContainsKey(path))
        {
            try
            {
                return first.ReadFrames(path, frames, known, cancellationToken);
            }
            catch (VideoDataException e) when (known is not { ConstantFormat: true } && IsForSecond(e))
            {
                seconds[path] = true;
            }
        }

        return second.ReadFrames(path, frames, known, cancellationToken);
    }

    private static bool IsForSecond(VideoDataException e) => e.Video?.Fault is VideoFault.NotAVideo or VideoFault.DecodeError or VideoFault.FormatChange;
}
