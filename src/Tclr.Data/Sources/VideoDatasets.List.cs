using System.Globalization;

namespace Tclr.Data;

/// <content>Lists of one's own.</content>
public static partial class VideoDatasets
{
    /// <summary>The videos that a text file names, one a line, as the lists of UCF101 do.</summary>
    /// <param name="videos">The folder with the videos.</param>
    /// <param name="list">The file: a path below the folder in each line, with slashes; a number after it, as UCF101's training lists have, is passed over.</param>
    /// <param name="skipMissing">Whether videos that are not there are left out, and named by <see cref="VideoDataset.Missing"/>. The default value is <see langword="false"/>: that is an error.</param>
    /// <returns>The data set, named after the file. A video's class is the first folder of its path; classes are in order of their names.</returns>
    /// <exception cref="VideoDataException">The list is missing or empty; videos are missing, all of which the error names; a path leads out of the folder.</exception>
    /// <example><code>
    /// var train = VideoDatasets.List("UCF-101", "ucfTrainTestlist/trainlist01.txt");
    /// </code></example>
    public static VideoDataset List(string videos, string list, bool skipMissing = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(videos);
        ArgumentException.ThrowIfNullOrWhiteSpace(list);
        var files = ListFile.Read(list).Select(line => (File: WithoutNumber(line.Text), line.Where)).ToList();
        string[] classes = [.. files.Select(entry => ClassOf(entry.File)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var indices = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return ListedVideos.Find(
            Path.GetFileNameWithoutExtension(list), videos, files.Select(entry => new ListedVideos.Entry(entry.File, indices[ClassOf(entry.File)], entry.Where)), classes, skipMissing);
    }

    // A file may have spaces in its name; a class's number stands after the last one.
    private static string WithoutNumber(string line)
    {
        int space = line.LastIndexOf(' ');
        return space > 0 && int.TryParse(line.AsSpan(space + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _) ? line[..space].TrimEnd() : line;
    }

    private static string ClassOf(string file) => file.Split('/') is [var folder, _, ..] ? folder : "all";
}
