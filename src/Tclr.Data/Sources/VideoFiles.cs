namespace Tclr.Data;

/// <summary>The video files below a folder.</summary>
internal static class VideoFiles
{
    private static readonly HashSet<string> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".avi", ".mp4", ".mkv", ".webm", ".mov", ".mpg", ".mpeg", ".m4v", ".wmv", ".flv",
    };

    private static readonly EnumerationOptions Options = new() { IgnoreInaccessible = false };

    public static string KnownExtensions => string.Join(' ', Extensions);

    /// <summary>Whether a file name has the extension of a video.</summary>
    public static bool IsVideo(string name) => Extensions.Contains(Path.GetExtension(name));

    /// <summary>Lists the videos of a folder and of all folders below it.</summary>
    /// <param name="root">The folder.</param>
    /// <returns>Paths relative to the folder, with slashes, in no particular order.</returns>
    /// <exception cref="VideoDataException">The folder is missing, cannot be read, or has no videos.</exception>
    public static IReadOnlyList<string> Below(string root)
    {
        var folder = new DirectoryInfo(root);
        if (!folder.Exists)
        {
            string what = File.Exists(root) ? "is a file" : "does not exist";
            throw new VideoDataException($"'{root}' {what}: expected a folder with videos. Check the path.");
        }

        var files = new List<string>();
        Collect(folder, string.Empty, [Real(folder)], files);
        return files.Count > 0
            ? files
            : throw new VideoDataException(
                $"'{root}' has no videos: expected files that end in {KnownExtensions}, in the folder or below it. Check the path, or convert the files.");
    }

    private static void Collect(DirectoryInfo folder, string prefix, HashSet<string> ancestors, List<string> files)
    {
        FileSystemInfo[] entries;
        try
        {
            entries = folder.GetFileSystemInfos("*", Options);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            string advice = SourceFile.IsUtf8(folder.FullName)
                ? "expected a folder that this user may list. Change its permissions, or move it out of the data set."
                : "its name is not valid UTF-8. Rename it.";
            throw new VideoDataException($"the folder '{folder.FullName}' cannot be read ({e.Message}): {advice}", e);
        }

        foreach (var entry in entries)
        {
            if (entry is DirectoryInfo child)
            {
                // Follows links to folders, except to a folder above, which would never end.
                string real = Real(child);
                if (ancestors.Add(real))
                {
                    Collect(child, $"{prefix}{child.Name}/", ancestors, files);
                    ancestors.Remove(real);
                }
            }
            else if (IsVideo(entry.Name))
            {
                files.Add(prefix + entry.Name);
            }
        }
    }

    private static string Real(DirectoryInfo folder)
        => folder.LinkTarget is null ? folder.FullName : folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;
}
