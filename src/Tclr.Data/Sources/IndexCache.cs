using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;

namespace Tclr.Data;

/// <summary>A file with the results of earlier scans: a header line with a checksum of the rest, then a line of JSON for each usable video.</summary>
internal sealed class IndexCache
{
    private const string Format = "tclr-video-index";
    private const int Version = 3;

    private readonly string path;
    private readonly string reader;
    private readonly bool seeks;
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private bool changed;

    private IndexCache(string path, string reader, bool seeks)
    {
        this.path = Path.GetFullPath(path);
        this.reader = reader;
        this.seeks = seeks;
    }

    /// <summary>Why the file could not be used or written; <see langword="null"/> if it could.</summary>
    public string? Problem { get; private set; }

    /// <summary>Opens a cache. One that cannot be used counts as empty, and <see cref="Problem"/> says why.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reader">Name of the reader; results of other readers are not used.</param>
    /// <param name="seeks">Whether seeks must have been verified.</param>
    public static IndexCache Open(string path, string reader, bool seeks)
    {
        var cache = new IndexCache(path, reader, seeks);
        try
        {
            if (File.Exists(cache.path))
            {
                cache.Problem = cache.Load(File.ReadAllBytes(cache.path));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            cache.Problem = $"it cannot be read ({e.Message})";
        }

        return cache;
    }

    /// <summary>Finds the result for a file that has not changed.</summary>
    public VideoInfo? Find(string file, FileStamp stamp)
        => entries.TryGetValue(file, out var entry) && entry.Length == stamp.Length && entry.Modified == stamp.Modified ? entry.Info : null;

    /// <summary>Adds the result of a scan.</summary>
    public void Add(string file, FileStamp stamp, VideoInfo info)
    {
        entries[file] = new Entry(file, stamp.Length, stamp.Modified, info);
        changed = true;
    }

    /// <summary>Writes the file atomically, if there are new results.</summary>
    public void Save()
    {
        if (!changed)
        {
            return;
        }

        using var body = new MemoryStream();
        foreach (var entry in entries.Values.OrderBy(entry => entry.Path, StringComparer.Ordinal))
        {
            JsonSerializer.Serialize(body, entry, TclrJson.Compact);
            body.WriteByte((byte)'\n');
        }

        var header = new Header(Format, Version, reader, seeks, Convert.ToHexString(SHA256.HashData(body.GetBuffer().AsSpan(0, (int)body.Length))));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, file =>
            {
                JsonSerializer.Serialize(file, header, TclrJson.Compact);
                file.WriteByte((byte)'\n');
                body.WriteTo(file);
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The results of the scan remain valid.
            Problem = $"it cannot be written ({e.Message})";
        }
    }

    private string? Load(ReadOnlySpan<byte> content)
    {
        try
        {
            int end = content.IndexOf((byte)'\n');
            var header = end < 0 ? null : JsonSerializer.Deserialize<Header>(content[..end], TclrJson.Compact);
            if (header is null || !string.Equals(header.Format, Format, StringComparison.Ordinal))
            {
                return "it is not an index of Tclr";
            }

            if (header.Version != Version)
            {
                return $"it has version {header.Version}, expected {Version}";
            }

            if (!string.Equals(header.Reader, reader, StringComparison.Ordinal))
            {
                return $"it was made with {header.Reader}, expected {reader}";
            }

            if (seeks && !header.Seeks)
            {
                return "its seeks were not verified";
            }

            var body = content[(end + 1)..];
            if (!string.Equals(header.Checksum, Convert.ToHexString(SHA256.HashData(body)), StringComparison.Ordinal))
            {
                return "its checksum is wrong";
            }

            foreach (var line in body.Split((byte)'\n'))
            {
                if (!body[line].IsEmpty && JsonSerializer.Deserialize<Entry>(body[line], TclrJson.Compact) is { } entry && IsPossible(entry.Info))
                {
                    entries[entry.Path] = entry;
                }
            }

            return null;
        }
        catch (JsonException e)
        {
            entries.Clear();
            return $"it is not valid ({e.Message})";
        }
    }

    // Another entry is left out, and its video scanned again.
    private static bool IsPossible(VideoInfo info)
        => info is { Frames: > 0, Width: > 0, Height: > 0, Rotation: >= 0 and < 360, AnnouncedFrames: >= 0, FramesPerSecond: >= 0 } && double.IsFinite(info.FramesPerSecond);

    /// <summary>The result for a file, with its size and time when it was scanned.</summary>
    private sealed record Entry(string Path, long Length, long Modified, VideoInfo Info);

    private sealed record Header(string Format = "", int Version = 0, string Reader = "", bool Seeks = false, string Checksum = "");
}
