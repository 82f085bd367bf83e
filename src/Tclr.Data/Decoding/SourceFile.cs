namespace Tclr.Data;

/// <summary>Checks a video in the file system, before it is opened.</summary>
internal static class SourceFile
{
    private const char Replacement = '\uFFFD';

    /// <summary>Checks that a path is a file that can be opened without blocking.</summary>
    /// <param name="path">Path of the file, as the caller wrote it.</param>
    /// <exception cref="VideoDataException">It does not.</exception>
    public static void Check(string path)
    {
        try
        {
            string full = Path.GetFullPath(path);
            if (Directory.Exists(full))
            {
                throw VideoFile.Faulty(path, VideoFault.NotAVideo, "this is a folder: expected a video file");
            }

            var target = Target(new FileInfo(full));
            if (!target.Exists)
            {
                throw VideoFile.Faulty(path, VideoFault.Missing, Missing(path));
            }

            // Opening a pipe blocks until there is a writer. Pipes, sockets and devices have length 0.
            if (target.Length == 0)
            {
                throw VideoFile.Faulty(path, VideoFault.NotAVideo, "the file is empty, or a pipe, socket or device: expected a video in a regular file. Replace or remove it.");
            }

            using var file = File.OpenHandle(full);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw VideoFile.Faulty(path, VideoFault.Missing, Missing(path), e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw VideoFile.Faulty(path, VideoFault.Unreadable, $"the file cannot be read ({e.Message}): expected a file that this user may read. Change its permissions.", e);
        }
    }

    /// <summary>Follows links to the end.</summary>
    public static FileInfo Target(FileInfo file)
        => file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;

    /// <summary>The reason for a missing file.</summary>
    public static string Missing(string path)
        => IsUtf8(path)
            ? "there is no such file: expected a video. Check the path."
            : $"the name is not valid UTF-8 ('{Replacement}' stands for bytes that are not), so the file cannot be opened: expected a name in UTF-8. Rename it.";

    /// <summary>Whether a path is valid UTF-8.</summary>
    public static bool IsUtf8(string path) => !path.Contains(Replacement, StringComparison.Ordinal);
}
