namespace Tclr;

/// <summary>Writes files atomically: to a temporary file in the same folder, which is then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file. An existing file is replaced only when the new one is complete and flushed to the disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="overwrite">Whether to replace an existing file, instead of throwing an <see cref="IOException"/>.</param>
    /// <param name="preallocate">Number of bytes to reserve before writing, so that a full disk is detected at once.</param>
    public static void Write(string path, Action<FileStream> write, bool overwrite = true, long preallocate = 0)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string temporary = $"{path}.{Guid.NewGuid():N}.unfinished";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 1 << 16, PreallocationSize = preallocate };
            FileFaults.Before("create", temporary);
            using (var stream = new FileStream(temporary, options))
            {
                write(stream);
                FileFaults.Before("flush", temporary);
                stream.Flush(flushToDisk: true);
            }

            FileFaults.Before("rename", path);
            File.Move(temporary, path, overwrite);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    // A failure here must not hide the original error.
    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
