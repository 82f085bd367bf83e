using System.Collections.Concurrent;

namespace Tclr.Data;

/// <summary>Stores the decoded frames of videos in a folder, so that each video is decoded once.</summary>
/// <remarks>
/// <para>
/// The first read of a video through <see cref="Wrap"/> decodes all of its frames and writes them, as 8-bit RGB, to
/// a file. Later reads, also in other runs, copy frames from that file; they are bit-identical to those of the wrapped reader.
/// Frames are stored at the size that the reader returns, so set <see cref="VideoReaderOptions.ShortSide"/> near the size of a clip.
/// </para>
/// <para>
/// A file is valid for the path, size and time of the video and the reader's <see cref="IVideoReader.FrameSettings"/>; if one of
/// them changes, the video is decoded again. Header and frames have checksums. Files are published by an atomic rename, so
/// several processes can share a cache, and a killed process leaves no partial file that is read.
/// </para>
/// <para>
/// A cache never makes a read fail: if it is full, cannot be read or written, or is damaged, a warning is logged and
/// videos are decoded. A video of more than 2 GiB is not stored. All members are thread-safe. The folder can be deleted at any time.
/// </para>
/// </remarks>
/// <example><code>
/// var cache = new FrameCache("frames");
/// var reader = cache.Wrap(new OpenCvVideoReader(new VideoReaderOptions { ShortSide = 128 }));
/// var loader = new ClipLoader(index, reader, sampler, augmentation);
/// </code></example>
public sealed class FrameCache
{
    private const long MaximumVideoBytes = 2L << 30;
    private static readonly TimeSpan Abandoned = TimeSpan.FromMinutes(1);

    private readonly FrameCacheOptions options;
    private readonly CacheBudget budget;
    private readonly ConcurrentDictionary<string, bool> underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<FrameKey, bool> leftOut = new();
    private int readOnly;
    private int full;
    private long cachedReads;
    private long decodedReads;
    private long storedVideos;
    private long storedBytes;

    /// <summary>Opens or creates a cache. If the folder cannot be used, a warning is logged.</summary>
    /// <param name="folder">The folder. Data sets, readers and processes may share it.</param>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public FrameCache(string folder, FrameCacheOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        this.options = options ?? new FrameCacheOptions();
        OptionChecker.ThrowIfInvalid(this.options.Check, nameof(options));
        Folder = Path.GetFullPath(folder);
        budget = new CacheBudget(Folder, this.options);
        try
        {
            Directory.CreateDirectory(Folder);
            RemoveAbandoned();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            StopWriting(e.Message);
        }
    }

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>Number of reads that the cache served since its creation, by all of its readers.</summary>
    public long CachedReads => Volatile.Read(ref cachedReads);

    /// <summary>Number of reads that a decoder served because the video is not in the cache.</summary>
    public long DecodedReads => Volatile.Read(ref decodedReads);

    /// <summary>Number of videos that were written.</summary>
    public long StoredVideos => Volatile.Read(ref storedVideos);

    /// <summary>Size of the videos that were written, in bytes.</summary>
    public long StoredBytes => Volatile.Read(ref storedBytes);

    /// <summary>Creates a reader that takes frames from the cache and decodes videos that are not in it.</summary>
    /// <param name="reader">The reader that decodes.</param>
    /// <returns>A reader that returns the same frames. It forwards <see cref="IVideoReader.Probe(string, bool, CancellationToken)"/> to <paramref name="reader"/>.</returns>
    /// <exception cref="ArgumentException">The reader has no <see cref="IVideoReader.FrameSettings"/>.</exception>
    public IVideoReader Wrap(IVideoReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new CachedVideoReader(this, reader, reader.FrameSettings ?? throw new ArgumentException(
            $"{reader.GetType().Name} has no FrameSettings, which a cache needs to identify its frames: expected a text that changes whenever its frames do. Implement IVideoReader.FrameSettings.", nameof(reader)));
    }

    /// <summary>Describes how the cache was used.</summary>
    /// <returns>For example <c>400 reads from the cache, 12 decoded; 27 videos stored (0.31 GB)</c>.</returns>
    public override string ToString() => FormattableString.Invariant(
        $"{CachedReads} reads from the cache, {DecodedReads} decoded; {StoredVideos} video{(StoredVideos == 1 ? string.Empty : "s")} stored ({StoredBytes / 1e9:0.00} GB)");

    /// <summary>Reads frames from the cache. A video that is not in it is stored first.</summary>
    /// <returns>The frames; <see langword="null"/> if they must be decoded.</returns>
    internal FrameWindow? Read(FrameKey key, ReadOnlySpan<int> frames, IVideoReader reader, VideoInfo? known, string path, CancellationToken cancellationToken)
    {
        if (leftOut.ContainsKey(key))
        {
            return null;
        }

        if (Find(key, frames, out var window))
        {
            return window;
        }

        // Another worker is storing this video; decoding a window is faster than waiting.
        if (readOnly != 0 || !underWay.TryAdd(key.FileName, true))
        {
            return null;
        }

        try
        {
            // It may have been stored in the meantime.
            if (!Find(key, frames, out window, silent: true) && (!Store(key, reader, known, path, cancellationToken) || !Find(key, frames, out window)))
            {
                leftOut[key] = true;
            }

            return window;
        }
        finally
        {
            underWay.TryRemove(key.FileName, out _);
        }
    }

    /// <summary>Counts a read that the cache did not serve.</summary>
    internal void Decoded() => Interlocked.Increment(ref decodedReads);

    // Whether the video is stored. If so and the window is null, the video has too few frames, which the reader reports.
    private bool Find(FrameKey key, ReadOnlySpan<int> frames, out FrameWindow? window, bool silent = false)
    {
        try
        {
            bool found = FrameFile.Read(Path.Combine(Folder, key.FileName), key, frames, out window);
            Interlocked.Add(ref cachedReads, window is null ? 0 : 1);
            return found;
        }
        catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            if (!silent)
            {
                options.Logger.Unusable(key.FileName, e.Message, key.Video);
            }

            if (readOnly != 0)
            {
                leftOut[key] = true; // cannot be replaced; warn only once
            }

            window = null;
            return false;
        }
    }

    private bool Store(FrameKey key, IVideoReader reader, VideoInfo? known, string path, CancellationToken cancellationToken)
    {
        long reserved = 0;
        bool written = false;
        try
        {
            known ??= reader.Probe(path, cancellationToken: cancellationToken);
            var header = Measure(key, reader, known, path, cancellationToken);
            if (header.FileLength > MaximumVideoBytes)
            {
                options.Logger.NotStored(path, FormattableString.Invariant($"its {known.Frames} frames of {header.Width}x{header.Height} take {header.FileLength / 1e9:0.0} GB, and {MaximumVideoBytes / 1e9:0.0} GB is the limit. Set a smaller ShortSide"));
                return false;
            }

            if (budget.Reserve(header.FileLength) is { } reason)
            {
                if (Interlocked.Exchange(ref full, 1) == 0)
                {
                    options.Logger.Full(Folder, reason);
                }

                return false;
            }

            reserved = header.FileLength;
            FrameFile.Write(Path.Combine(Folder, key.FileName), header, frames => Decode(key, reader, known, path, frames, cancellationToken));
            written = true;
            Interlocked.Increment(ref storedVideos);
            Interlocked.Add(ref storedBytes, reserved);
            return true;
        }
        catch (InvalidDataException e)
        {
            options.Logger.NotStored(path, e.Message);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            StopWriting(e.Message);
            return false;
        }
        catch (VideoDataException)
        {
            // The reader throws again if the requested frames are affected.
            return false;
        }
        finally
        {
            if (reserved > 0)
            {
                budget.Settle(reserved, written);
            }
        }
    }

    // The reader may shrink frames, so the size is that of the first one.
    private static FrameHeader Measure(FrameKey key, IVideoReader reader, VideoInfo known, string path, CancellationToken cancellationToken)
    {
        using var first = reader.ReadFrames(path, [0], known, cancellationToken);
        return new FrameHeader(key, first.Height, first.Width, new ulong[known.Frames]);
    }

    private static FrameWindow Decode(FrameKey key, IVideoReader reader, VideoInfo known, string path, int[] frames, CancellationToken cancellationToken)
    {
        var window = reader.ReadFrames(path, frames, known, cancellationToken);
        if (FileStamp.Of(key.Video) == key.Stamp)
        {
            return window;
        }

        window.Dispose();
        throw new InvalidDataException("the video changed while it was decoded");
    }

    private void StopWriting(string reason)
    {
        if (Interlocked.Exchange(ref readOnly, 1) == 0)
        {
            options.Logger.NotWritable(Folder, reason);
        }
    }

    // A writer holds a lock on its unfinished file until its process ends.
    private void RemoveAbandoned()
    {
        foreach (string file in Directory.EnumerateFiles(Folder, $"*{FrameKey.Extension}.*.unfinished"))
        {
            try
            {
                if (DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > Abandoned)
                {
                    using (File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                    {
                    }

                    File.Delete(file);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its writer is running, or another process removed it.
            }
        }
    }
}
