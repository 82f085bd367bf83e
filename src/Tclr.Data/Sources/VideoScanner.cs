namespace Tclr.Data;

/// <summary>Scans a video: from the cache if possible, otherwise by decoding it.</summary>
internal sealed class VideoScanner(VideoIndexOptions options, IndexCache? cache)
{
    private int reused;

    /// <summary>Number of videos that were taken from the cache.</summary>
    public int Reused => reused;

    /// <summary>Gets the properties of a video, or its fault.</summary>
    public (VideoInfo? Info, FaultyVideo? Fault) Scan(string path, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (info, fault) = cache is null ? Probe(path, progress, cancellationToken) : Cached(cache, path, progress, cancellationToken);
        if (info is null || info.Frames >= options.MinimumFrames)
        {
            return (info, fault);
        }

        string reason = $"the video has {info.Frames} frames, expected {options.MinimumFrames} or more for a clip";
        return ContainerCheck.Truncation(path) is { } cut
            ? (null, new FaultyVideo(path, VideoFault.Truncated, $"{reason}; {cut}. Copy or download it anew, or remove it."))
            : (null, new FaultyVideo(path, VideoFault.TooShort, reason));
    }

    private (VideoInfo? Info, FaultyVideo? Fault) Cached(IndexCache known, string path, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        // The stamp is taken first, so that a file that changes during the scan is scanned again next time.
        string full = Path.GetFullPath(path);
        var stamp = FileStamp.Of(full);
        if (stamp is { } same && known.Find(full, same) is { } info)
        {
            Interlocked.Increment(ref reused);
            return (info, null);
        }

        // Faults are not cached, because they may be temporary.
        var found = Probe(path, progress, cancellationToken);
        if (stamp is { } seen && found.Info is not null)
        {
            known.Add(full, seen, found.Info);
        }

        return found;
    }

    private (VideoInfo? Info, FaultyVideo? Fault) Probe(string path, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return (options.Reader.Probe(path, options.SeeksWanted, progress, cancellationToken), null);
        }
        catch (VideoDataException e) when (e.Video is not null)
        {
            return (null, e.Video);
        }
    }
}
