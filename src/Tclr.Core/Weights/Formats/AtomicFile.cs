namespace Tclr.Core.Weights;

/// <summary>Writes a file beside its place and renames it, so that there is the old one or the new one, each whole.</summary>
internal static class AtomicFile
{
    public static void Write(string path, Action<FileStream> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string beside = $"{path}.{Guid.NewGuid():N}.unfinished";
        try
        {
            using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception e)
        {
            TryDelete(beside);
            if (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                throw new WeightFileException(path, offset: null, $"the file cannot be written: {e.Message}", e);
            }

            throw;
        }
    }

    // What cannot be deleted costs space; the error that led here is the one to tell.
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
