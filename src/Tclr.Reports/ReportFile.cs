namespace Tclr.Reports;

/// <summary>Writes report files.</summary>
internal static class ReportFile
{
    public static void EnsureWritable(string path)
        => Put(path, target => File.Create($"{target}.{Guid.NewGuid():N}.unfinished", bufferSize: 1, FileOptions.DeleteOnClose).Dispose());

    public static void Write(string path, Func<string> content)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string text = content();
        Put(path, target => AtomicFile.Write(target, stream =>
        {
            using var writer = new StreamWriter(stream, leaveOpen: true);
            writer.Write(text);
        }));
    }

    private static void Put(string path, Action<string> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string target = Path.GetFullPath(path);
        try
        {
            if (Directory.Exists(target))
            {
                throw new IOException("it is a folder: name a file in it.");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? target);
            write(target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The report could not be written to '{target}': {exception.Message}", exception);
        }
    }
}
