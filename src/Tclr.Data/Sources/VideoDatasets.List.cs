namespace Tclr.Data;

/// <content>Lists of one's own.</content>
public static partial class VideoDatasets
{
    /// <summary>The videos that a text file names, one a line.</summary>
    /// <remarks>
    /// <para>A line is one of these; all of them may stand in one list:</para>
    /// <list type="bullet">
    /// <item><description><c>waving/a.avi</c>, <c>./waving/a.avi</c> or <c>UCF-101/waving/a.avi</c> for a folder <c>UCF-101</c> or the one above it, or an absolute path: the class is the folder that the file is in.</description></item>
    /// <item><description><c>waving/a.avi 1</c>, as UCF101's training lists have it: the same, the number says no more.</description></item>
    /// <item><description><c>a.avi 3</c>: the class is the number, named <c>3</c>. Also for files in folders, where every line has a number and folders and numbers do not go together one to one.</description></item>
    /// </list>
    /// <para>Tabs, commas and semicolons before the number are taken as well, and backslashes for slashes.</para>
    /// </remarks>
    /// <param name="videos">The folder with the videos.</param>
    /// <param name="list">The file.</param>
    /// <param name="skipMissing">Whether videos that are not there are left out, and named by <see cref="VideoDataset.Missing"/>. The default value is <see langword="false"/>: that is an error.</param>
    /// <param name="requireClasses">
    /// Whether it must be plain which class each video has. The default value is <see langword="false"/>, for training without labels: videos without a
    /// class get the class <c>all</c>, and where folders lie at different places, the class is the first folder of the path, as of <see cref="Folder"/>.
    /// </param>
    /// <returns>The data set, named after the file; classes are in order of their names or numbers.</returns>
    /// <exception cref="VideoDataException">The list is missing or empty; a class is required and a line has none; videos are missing, all of which the error names; a path leads out of the folder.</exception>
    /// <example><code>
    /// var train = VideoDatasets.List("UCF-101", "ucfTrainTestlist/trainlist01.txt", requireClasses: true);
    /// </code></example>
    public static VideoDataset List(string videos, string list, bool skipMissing = false, bool requireClasses = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(videos);
        ArgumentException.ThrowIfNullOrWhiteSpace(list);
        string root = ListedVideos.RequireFolder(videos);
        var labeled = ListLabels.Of(root, ListFile.Read(list, "One class in all lines: its folder or its number."), requireClasses);
        var indices = labeled.Classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        return ListedVideos.Find(
            Path.GetFileNameWithoutExtension(list), root, labeled.Videos.Select(video => new ListedVideos.Entry(video.Path, indices[video.Label], video.Line)), labeled.Classes, skipMissing);
    }
}
