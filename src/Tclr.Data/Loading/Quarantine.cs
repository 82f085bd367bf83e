using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tclr.Data;

/// <summary>
/// Videos that failed once and are not tried again while they have the same size and time. With a file, a line of JSON for
/// each, it outlives the run; a line that a kill cut short is no harm.
/// </summary>
internal sealed partial class Quarantine
{
    private readonly string? file;
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>Opens a list.</summary>
    /// <param name="path">The file, made at the first entry; <see langword="null"/> for this run only.</param>
    /// <exception cref="VideoDataException">The file is there and cannot be read.</exception>
    public Quarantine(string? path)
    {
        file = path is null ? null : Path.GetFullPath(path);
        if (file is null || !File.Exists(file))
        {
            return;
        }

        try
        {
            foreach (string line in File.ReadLines(file))
            {
                if (Parse(line) is { Path: not null, Reason: not null } entry)
                {
                    entries[entry.Path] = entry;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VideoDataException($"the quarantine list '{file}' cannot be read ({e.Message}): expected a file of an earlier run. Change its permissions, or choose another QuarantinePath.", e);
        }
    }

    /// <summary>Number of videos in it.</summary>
    public int Count => entries.Count;

    /// <summary>Gives what was wrong with a video; <see langword="null"/> if nothing is known or the file is another one by now.</summary>
    public FaultyVideo? Find(string video)
        => !entries.IsEmpty && entries.TryGetValue(Path.GetFullPath(video), out var entry) && FileStamp.Of(video) == new FileStamp(entry.Length, entry.Modified)
            ? new FaultyVideo(video, entry.Fault, entry.Reason)
            : null;

    /// <summary>Notes a video, unless its fault may pass: a file that is missing or cannot be read is tried again.</summary>
    /// <exception cref="VideoDataException">The file cannot be written.</exception>
    public void Add(FaultyVideo video)
    {
        string path = Path.GetFullPath(video.Path);
        if (video.Fault is VideoFault.Missing or VideoFault.Unreadable || FileStamp.Of(path) is not { } stamp)
        {
            return;
        }

        var entry = new Entry(path, stamp.Length, stamp.Modified, video.Fault, video.Reason);
        lock (gate)
        {
            if (entries.TryGetValue(path, out var known) && known == entry)
            {
                return;
            }

            entries[path] = entry;
            if (file is not null)
            {
                Append(file, JsonSerializer.Serialize(entry, QuarantineJson.Default.Entry));
            }
        }
    }

    private static void Append(string path, string line)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.AppendAllText(path, line + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VideoDataException($"the quarantine list '{path}' cannot be written ({e.Message}): expected a place to write to. Free space, or choose another QuarantinePath.", e);
        }
    }

    private static Entry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, QuarantineJson.Default.Entry);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Entry(string Path, long Length, long Modified, VideoFault Fault, string Reason);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
    [JsonSerializable(typeof(Entry))]
    private sealed partial class QuarantineJson : JsonSerializerContext;
}
