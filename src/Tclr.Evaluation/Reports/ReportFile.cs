namespace Tclr.Evaluation.Reports;

/// <summary>Writes files whole or not at all.</summary>
internal static class ReportFile
{
    public static void EnsureWritable(string path) => Put(path, temporary => File.WriteAllBytes(temporary, []), keep: false);

    public static void Write(string path, Func<string> content)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string text = content();
        Put(path, temporary => File.WriteAllText(temporary, text), keep: true);
    }

    private static void Put(string path, Action<string> write, bool keep)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string target = Path.GetFullPath(path);
        string temporary = $"{target}.{Path.GetRandomFileName()}.tmp";
        try
        {
            if (Directory.Exists(target))
            {
                throw new IOException("it is a folder: name a file in it.");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? target);
            write(temporary);
            if (keep)
            {
                File.Move(temporary, target, overwrite: true);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The report could not be written to '{target}': {exception.Message}", exception);
        }
        finally
        {
            Discard(temporary);
        }
    }

    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The reason why the report could not be written is the one worth telling.
        }
    }
}
