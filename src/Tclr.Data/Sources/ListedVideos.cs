using System.Runtime.InteropServices;

namespace Tclr.Data;

/// <summary>Makes a data set of what a list names: all files are there, and none lies outside the folder.</summary>
internal static class ListedVideos
{
    /// <summary>Finds the listed files.</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="folder">The folder that holds the videos.</param>
    /// <param name="listed">What the list names.</param>
    /// <param name="classes">The names of the classes.</param>
    /// <param name="skipMissing">Whether files that are not there are left out; otherwise that is an error.</param>
    /// <exception cref="VideoDataException">The folder or files are missing, or a path leads out of the folder.</exception>
    public static VideoDataset Find(string name, string folder, IEnumerable<Entry> listed, IReadOnlyList<string> classes, bool skipMissing)
    {
        string root = RequireFolder(folder);
        var items = new List<VideoItem>();
        var missing = new List<string>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in listed)
        {
            string path = Below(root, entry);
            if (!seen.TryAdd(path, entry.ClassIndex))
            {
                if (seen[path] != entry.ClassIndex)
                {
                    throw new VideoDataException($"{entry.Where}: '{entry.File}' is of class '{classes[entry.ClassIndex]}' here and of '{classes[seen[path]]}' before: expected one class. Get the official file.");
                }
            }
            else if (File.Exists(path))
            {
                items.Add(new VideoItem(path, classes[entry.ClassIndex], entry.ClassIndex));
            }
            else
            {
                missing.Add(path);
            }
        }

        if (items.Count == 0 || (missing.Count > 0 && !skipMissing))
        {
            throw Missing(name, root, items.Count, missing, skipMissing);
        }

        return new VideoDataset(name, items, classes) { Missing = missing };
    }

    /// <summary>Gives a folder's full path.</summary>
    /// <exception cref="VideoDataException">There is no such folder.</exception>
    public static string RequireFolder(string folder)
    {
        string root = Path.GetFullPath(folder);
        return Directory.Exists(root) ? root : throw new VideoDataException($"there is no folder '{root}': expected the one with the videos. Check the path.");
    }

    private static string Below(string root, Entry entry)
    {
        try
        {
            string path = Path.GetFullPath(Path.Combine(root, entry.File));
            if (path.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                return path;
            }
        }
        catch (ArgumentException)
        {
            // A character that no path may hold.
        }

        throw new VideoDataException($"{entry.Where}: '{entry.File}' is no path below '{root}': expected one. Do not use this list; get the official file.");
    }

    private static VideoDataException Missing(string name, string root, int found, List<string> missing, bool skipMissing)
    {
        var faults = missing.ConvertAll(path => new FaultyVideo(path, VideoFault.Missing, SourceFile.IsUtf8(path) ? "listed, and not there" : SourceFile.Missing(path)));
        string advice = skipMissing ? "Check the folder." : "Check the folder, get the rest, or leave them out with skipMissing.";
        return new VideoDataException(
            $"{missing.Count} of the {missing.Count + found} videos that '{name}' lists are missing below '{root}': expected all. {advice}{FaultReport.List(faults)}", faults);
    }

    /// <summary>A video as a list names it.</summary>
    /// <param name="File">Path relative to the folder of the videos, with slashes.</param>
    /// <param name="ClassIndex">Its class, from 0.</param>
    /// <param name="Where">File and line, for messages.</param>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Entry(string File, int ClassIndex, string Where);
}
