namespace Tclr.Data;

/// <content>Custom lists.</content>
public static partial class VideoDatasets
{
    /// <summary>Creates a data set from a text file with a video on each line.</summary>
    /// <remarks>
    /// <para>A line has one of these forms, which may be mixed:</para>
    /// <list type="bullet">
    /// <item><description><c>waving/a.avi</c>, <c>./waving/a.avi</c> or <c>UCF-101/waving/a.avi</c> for a folder <c>UCF-101</c> or the one above it, or an absolute path: the class is the folder that the file is in.</description></item>
    /// <item><description><c>waving/a.avi 1</c>, as in UCF101's training lists: the same; the number is redundant.</description></item>
    /// <item><description><c>a.avi 3</c>: the class is the number, named <c>3</c>. Also for files in folders, if every line has a number and folders and numbers do not correspond one to one.</description></item>
    /// </list>
    /// <para>Tabs, commas and semicolons before the number are accepted too, and so are backslashes.</para>
    /// </remarks>
    /// <param name="videos">The folder with the videos.</param>
    /// <param name="list">The file.</param>
    /// <param name="skipMissing">Whether missing videos are left out and listed in <see cref="VideoDataset.Missing"/>. The default value is <see langword="false"/>: they are an error.</param>
    /// <param name="requireClasses">
    /// Whether each video must have an unambiguous class. The default value is <see langword="false"/>, for training without labels: videos without a
    /// class get the class <c>all</c>, and if folders lie at different places, the class is the first folder of the path, as in <see cref="Folder"/>.
    /// </param>
    /// <returns>The data set, named after the file; classes are in order of their names or numbers.</returns>
    /// <exception cref="VideoDataException">The list is missing or empty, a class is required and a line has none, videos are missing (the error has them all), or a path leads out of the folder.</exception>
    /// <example><code>
    /// var train = VideoDatasets.List("UCF-101", "ucfTrainTestlist/trainlist01.txt", requireClasses: true);
    /// </code></example>
    public static VideoDataset List(string videos, string list, bool skipMissing = false, bool requireClasses = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(videos);
        ArgumentException.ThrowIfNullOrWhiteSpace(list);
        string root = ListedVideos.RequireFolder(videos);
        var labeled = ListLabels.Of(root, ListFile.Read(list, "Give the class in the same way on all lines: by folder or by number."), requireClasses);
        var indices = labeled.Classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return ListedVideos.Find(
            Path.GetFileNameWithoutExtension(list), root, labeled.Videos.Select(video => new ListedVideos.Entry(video.Path, indices[video.Label], video.Line)), labeled.Classes, skipMissing);
    }
}
