using System.Runtime.InteropServices;

namespace Tclr.Data;

/// <summary>Reads the list files of data sets: text, or JSON, with errors that name file and line.</summary>
internal static class ListFile
{
    /// <summary>Reads the lines that are not blank, without the white space around them.</summary>
    /// <exception cref="VideoDataException">The file is missing, cannot be read, or has no such line.</exception>
    public static IReadOnlyList<Line> Read(string path)
    {
        string name = Path.GetFileName(path);
        var lines = ReadText(path).Split('\n').Index()
            .Select(line => new Line(line.Item.Trim(), $"'{name}', line {line.Index + 1}"))
            .Where(line => line.Text.Length > 0)
            .ToList();
        return lines.Count > 0 ? lines : throw new VideoDataException($"'{path}' is empty: expected a list of videos. Get the official file.");
    }

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="VideoDataException">The file is missing or cannot be read.</exception>
    public static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new VideoDataException($"there is no '{path}': expected a list file of the data set. Check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VideoDataException($"'{path}' cannot be read ({e.Message}): expected a list file of the data set.", e);
        }
    }

    /// <summary>A line and where it stands.</summary>
    /// <param name="Text">The line without the white space around it.</param>
    /// <param name="Where">File and number of the line, for messages.</param>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Line(string Text, string Where)
    {
        /// <summary>Makes the error about this line.</summary>
        public VideoDataException Error(string expected) => new($"{Where}: expected {expected}, got '{Text}'. Get the official file.");
    }
}
