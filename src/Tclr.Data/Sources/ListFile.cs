using System.Globalization;
using System.Runtime.InteropServices;

namespace Tclr.Data;

/// <summary>Reads the list files of data sets, with errors that name file and line.</summary>
internal static class ListFile
{
    private const string Official = "Get the official file.";

    /// <summary>Reads the lines that are not blank, trimmed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="advice">Advice for a wrong line.</param>
    /// <exception cref="VideoDataException">The file is missing, cannot be read, or has no such line.</exception>
    public static IReadOnlyList<Line> Read(string path, string advice = Official)
    {
        string name = Path.GetFileName(path);
        var lines = ReadText(path).Split('\n').Index()
            .Select(line => new Line(line.Item.Trim(), $"'{name}', line {line.Index + 1}", advice))
            .Where(line => line.Text.Length > 0)
            .ToList();
        return lines.Count > 0 ? lines : throw new VideoDataException($"'{path}' is empty: expected a list of videos. {advice}");
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

    /// <summary>A line and its position.</summary>
    /// <param name="Text">The line, trimmed.</param>
    /// <param name="Where">File and number of the line, for messages.</param>
    /// <param name="Advice">Advice if the line is wrong.</param>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Line(string Text, string Where, string Advice = Official)
    {
        /// <summary>Creates the error for this line.</summary>
        public VideoDataException Error(string expected) => new($"{Where}: expected {expected}, got '{Text}'. {Advice}");

        /// <summary>Splits the line into a file name, which may contain spaces, and an optional number.</summary>
        public (string File, int? Number) Split()
        {
            int digits = Text.Length;
            while (digits > 0 && char.IsAsciiDigit(Text[digits - 1]))
            {
                digits--;
            }

            if (digits == 0 || !int.TryParse(Text.AsSpan(digits), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                return (Text, null);
            }

            // A comma or semicolon may also be part of the name.
            string file = Text[..digits].TrimEnd();
            string separated = file.TrimEnd(',', ';').TrimEnd();
            return VideoFiles.IsVideo(separated) && separated.Length < digits ? (separated, number)
                : file.Length > 0 && file.Length < digits ? (file, number)
                : (Text, null);
        }
    }
}
