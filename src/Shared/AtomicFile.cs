namespace Tclr;

/// <summary>Writes files that are complete or not there at all: to a temporary file in the same folder, which is then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file, replacing one that exists only when the new one is on the disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="overwrite">Whether a file that exists is replaced; otherwise it is an <see cref="IOException"/>.</param>
    /// <param name="preallocate">Bytes to reserve on the disk before anything is written, so that a full disk shows at once.</param>
    public static void Write(string path, Action<FileStream> write, bool overwrite = true, long preallocate = 0)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string temporary = $"{path}.{Guid.NewGuid():N}.unfinished";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 1 << 16, PreallocationSize = preallocate };
            using (var stream = new FileStream(temporary, options))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    // A temporary file that cannot be deleted costs space; the error that led here is the one to report.
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
