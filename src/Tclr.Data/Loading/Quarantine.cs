using System.Collections.Concurrent;
using System.Text.Json;

namespace Tclr.Data;

/// <summary>
/// Videos that failed and are not tried again unless their size or time changes. A file, with a line of JSON for each,
/// keeps the list for later runs; an incomplete last line is ignored.
/// </summary>
internal sealed class Quarantine
{
    private readonly string? file;
    private readonly string? common;
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>Opens a list.</summary>
    /// <param name="path">The file, created at the first entry; <see langword="null"/> for this run only.</param>
    /// <exception cref="VideoDataException">The file exists and cannot be read.</exception>
    public Quarantine(string? path)
        : this(path is null ? null : Path.GetFullPath(path), common: null)
    {
    }

    private Quarantine(string? file, string? common)
    {
        (this.file, this.common) = (file, common ?? file);
        Read(common);
        Read(file);
    }

    /// <summary>The list of one of several processes: the common list, and a file of its own, <c>NAME.part-N</c>, to which it adds.</summary>
    /// <param name="part">Number of the process.</param>
    /// <exception cref="VideoDataException">A file exists and cannot be read.</exception>
    public Quarantine OfPart(int part)
    {
        string? own = common is null ? null : FormattableString.Invariant($"{common}.part-{part}");
        return string.Equals(own, file, StringComparison.Ordinal) ? this : new Quarantine(own, common);
    }

    private void Read(string? path)
    {
        if (path is null || !File.Exists(path))
        {
            return;
        }

        try
        {
            foreach (string line in File.ReadLines(path))
            {
                if (Parse(line) is { Path: not null, Reason: not null } entry)
                {
                    entries[entry.Path] = entry;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VideoDataException($"the quarantine list '{path}' cannot be read ({e.Message}): expected a file of an earlier run. Change its permissions, or choose another QuarantinePath.", e);
        }
    }

    /// <summary>Number of videos in it.</summary>
    public int Count => entries.Count;

    /// <summary>Finds the fault of a video; <see langword="null"/> if it is not in the list or has changed.</summary>
    public FaultyVideo? Find(string video)
        => !entries.IsEmpty && entries.TryGetValue(Path.GetFullPath(video), out var entry) && FileStamp.Of(video) == new FileStamp(entry.Length, entry.Modified)
            ? new FaultyVideo(video, entry.Fault, entry.Reason)
            : null;

    /// <summary>Adds a video, unless its fault may be temporary: a file that is missing or unreadable is tried again.</summary>
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
                Append(file, JsonSerializer.Serialize(entry, TclrJson.Compact));
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
            throw new VideoDataException($"the quarantine list '{path}' cannot be written ({e.Message}): expected a writable file. Free space, or choose another QuarantinePath.", e);
        }
    }

    private static Entry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(line, TclrJson.Compact);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Entry(string Path, long Length, long Modified, VideoFault Fault, string Reason);
}
