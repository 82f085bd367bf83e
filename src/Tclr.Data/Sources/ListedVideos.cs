using System.Runtime.InteropServices;

namespace Tclr.Data;

/// <summary>Creates a data set from a list, whose files must exist and lie in the folder.</summary>
internal static class ListedVideos
{
    /// <summary>Finds the listed files.</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="folder">The folder that holds the videos.</param>
    /// <param name="listed">The entries of the list.</param>
    /// <param name="classes">The names of the classes.</param>
    /// <param name="skipMissing">Whether missing files are left out; otherwise they are an error.</param>
    /// <exception cref="VideoDataException">The folder or files are missing, or a file has two classes.</exception>
    public static VideoDataset Find(string name, string folder, IEnumerable<Entry> listed, IReadOnlyList<string> classes, bool skipMissing)
    {
        string root = RequireFolder(folder);
        var items = new List<VideoItem>();
        var missing = new List<Entry>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var entry in listed)
        {
            if (!seen.TryAdd(entry.Path, entry.ClassIndex))
            {
                if (seen[entry.Path] != entry.ClassIndex)
                {
                    throw entry.Line.Error($"one class for each video, which is '{classes[seen[entry.Path]]}' before and '{classes[entry.ClassIndex]}' here");
                }
            }
            else if (File.Exists(entry.Path))
            {
                items.Add(new VideoItem(entry.Path, classes[entry.ClassIndex], entry.ClassIndex));
            }
            else
            {
                missing.Add(entry);
            }
        }

        if (items.Count == 0 || (missing.Count > 0 && !skipMissing))
        {
            throw Missing(name, root, items.Count, missing, skipMissing);
        }

        return new VideoDataset(name, items, classes) { Missing = missing.ConvertAll(entry => entry.Path) };
    }

    /// <summary>Gets a folder's full path.</summary>
    /// <exception cref="VideoDataException">There is no such folder.</exception>
    public static string RequireFolder(string folder)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        return Directory.Exists(root) ? root : throw new VideoDataException($"there is no folder '{root}': expected the one with the videos. Check the path.");
    }

    /// <summary>Finds the file that a line names.</summary>
    /// <remarks>
    /// Accepts a path relative to the folder, with or without <c>./</c>; a path that starts with the name of the folder;
    /// an absolute path; and backslashes.
    /// </remarks>
    /// <param name="root">The full path of the folder with the videos.</param>
    /// <param name="file">The file as in the line.</param>
    /// <param name="line">The line, for messages.</param>
    /// <returns>The full path, of a file that may be missing.</returns>
    /// <exception cref="VideoDataException">It leads out of the folder.</exception>
    public static string Resolve(string root, string file, ListFile.Line line)
    {
        string[] spellings = [file, file.Replace('\\', '/')];
        string[] below = [.. spellings.Select(spelling => Below(root, spelling)).OfType<string>()];
        string own = Path.Combine(root, Path.GetFileName(root));
        string[] stripped = [.. below.Where(path => IsBelow(own, path)).Select(path => root + path[own.Length..])];
        return below.Concat(stripped).FirstOrDefault(File.Exists)
            ?? (Directory.Exists(own) ? null : stripped.LastOrDefault())
            ?? below.LastOrDefault()
            ?? throw new VideoDataException($"{line.Where}: '{file}' is not a path below '{root}': expected a video in this folder, got '{line.Text}'. Give the folder that holds all videos of the list, and only use lists that you trust.");
    }

    /// <summary>Gets the name of the folder that a file is in; <see langword="null"/> for the root.</summary>
    public static string? FolderOf(string root, string path)
        => Path.GetDirectoryName(path) is { } folder && IsBelow(root, folder) ? Path.GetFileName(folder) : null;

    private static string? Below(string root, string file)
    {
        try
        {
            string path = Path.GetFullPath(Path.Combine(root, file));
            return IsBelow(root, path) ? path : null;
        }
        catch (ArgumentException)
        {
            // A character that is invalid in paths.
            return null;
        }
    }

    private static bool IsBelow(string root, string path)
        => path.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static VideoDataException Missing(string name, string root, int found, List<Entry> missing, bool skipMissing)
    {
        var faults = missing.ConvertAll(entry => new FaultyVideo(
            entry.Path,
            VideoFault.Missing,
            $"{(SourceFile.IsUtf8(entry.Path) ? "it does not exist" : "its name is not valid UTF-8")}, and listed in {entry.Line.Where}: '{entry.Line.Text}'"));
        string advice = skipMissing ? "Check the folder." : "Check the folder, get the rest, or leave them out with skipMissing.";
        return new VideoDataException(
            $"{missing.Count} of the {missing.Count + found} videos that '{name}' lists are missing below '{root}': expected all. {advice}{FaultReport.List(faults)}", faults);
    }

    /// <summary>A video of a list.</summary>
    /// <param name="Path">Its full path, from <see cref="Resolve"/>.</param>
    /// <param name="ClassIndex">Its class, from 0.</param>
    /// <param name="Line">The line that names it.</param>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Entry(string Path, int ClassIndex, ListFile.Line Line);
}
