using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tclr.Data;

/// <summary>What earlier scans found of good videos, in a file: a header line with a checksum of the rest, then one line of JSON for each video.</summary>
internal sealed partial class IndexCache
{
    private const string Format = "tclr-video-index";
    private const int Version = 2;

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

    /// <summary>Why the file could not be used or written; <see langword="null"/> if all is well.</summary>
    public string? Problem { get; private set; }

    /// <summary>Opens a cache. One that cannot be used is as good as none, and <see cref="Problem"/> says why.</summary>
    /// <param name="path">The file.</param>
    /// <param name="reader">What scans; another reader's findings do not hold.</param>
    /// <param name="seeks">Whether seeks are to be known.</param>
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

    /// <summary>Gives what is known of a file, if it is still the same.</summary>
    public VideoInfo? Find(string file, FileStamp stamp)
        => entries.TryGetValue(file, out var entry) && entry.Length == stamp.Length && entry.Modified == stamp.Modified ? entry.Info : null;

    /// <summary>Notes what a scan found.</summary>
    public void Add(string file, FileStamp stamp, VideoInfo info)
    {
        entries[file] = new Entry(file, stamp.Length, stamp.Modified, info);
        changed = true;
    }

    /// <summary>Writes the file atomically if there is anything to add.</summary>
    public void Save()
    {
        if (!changed)
        {
            return;
        }

        using var body = new MemoryStream();
        foreach (var entry in entries.Values.OrderBy(entry => entry.Path, StringComparer.Ordinal))
        {
            JsonSerializer.Serialize(body, entry, IndexJson.Default.Entry);
            body.WriteByte((byte)'\n');
        }

        var header = new Header(Format, Version, reader, seeks, Convert.ToHexString(SHA256.HashData(body.GetBuffer().AsSpan(0, (int)body.Length))));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, file =>
            {
                JsonSerializer.Serialize(file, header, IndexJson.Default.Header);
                file.WriteByte((byte)'\n');
                body.WriteTo(file);
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The results of the scan are still good for this run.
            Problem = $"it cannot be written ({e.Message})";
        }
    }

    private string? Load(ReadOnlySpan<byte> content)
    {
        try
        {
            int end = content.IndexOf((byte)'\n');
            var header = end < 0 ? null : JsonSerializer.Deserialize(content[..end], IndexJson.Default.Header);
            if (header is null || !string.Equals(header.Format, Format, StringComparison.Ordinal))
            {
                return "it is no index of Tclr";
            }

            if (header.Version != Version)
            {
                return $"it is of version {header.Version}, and this one is {Version}";
            }

            if (!string.Equals(header.Reader, reader, StringComparison.Ordinal))
            {
                return $"it was made with {header.Reader}, and this is {reader}";
            }

            if (seeks && !header.Seeks)
            {
                return "it says nothing about seeks";
            }

            var body = content[(end + 1)..];
            if (!string.Equals(header.Checksum, Convert.ToHexString(SHA256.HashData(body)), StringComparison.Ordinal))
            {
                return "its checksum is wrong, so it is damaged";
            }

            foreach (var line in body.Split((byte)'\n'))
            {
                if (!body[line].IsEmpty && JsonSerializer.Deserialize(body[line], IndexJson.Default.Entry) is { Path: not null, Info: not null } entry)
                {
                    entries[entry.Path] = entry;
                }
            }

            return null;
        }
        catch (JsonException e)
        {
            entries.Clear();
            return $"it cannot be understood ({e.Message})";
        }
    }

    /// <summary>What is known of a file.</summary>
    /// <param name="Path">Its full path.</param>
    /// <param name="Length">Its size when it was scanned.</param>
    /// <param name="Modified">Its time when it was scanned.</param>
    /// <param name="Info">What it is.</param>
    private sealed record Entry(string Path, long Length, long Modified, VideoInfo Info);

    private sealed record Header(string Format, int Version, string Reader, bool Seeks, string Checksum);

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonSerializable(typeof(Entry))]
    [JsonSerializable(typeof(Header))]
    private sealed partial class IndexJson : JsonSerializerContext;
}
