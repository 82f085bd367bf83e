namespace Tclr.Data;

/// <summary>Creates data sets from folders and lists of videos.</summary>
public static partial class VideoDatasets
{
    /// <summary>Creates a data set of all videos in a folder.</summary>
    /// <remarks>
    /// <para>
    /// If there are videos in subfolders, each subfolder is a class, with everything below it. Otherwise
    /// each file is a class. Classes, and the videos of a class, are in ordinal order.
    /// </para>
    /// <para>
    /// A video is a file that ends in .avi, .mp4, .mkv, .webm, .mov, .mpg, .mpeg, .m4v, .wmv or .flv, in upper or lower case.
    /// Other files and hidden ones are ignored. No file is opened here: <see cref="VideoIndex.ScanAsync"/> does that.
    /// </para>
    /// </remarks>
    /// <param name="path">The folder.</param>
    /// <returns>The data set, named after the folder.</returns>
    /// <exception cref="VideoDataException">
    /// The folder is missing, cannot be read, has no videos, or has videos both in subfolders and beside them.
    /// </exception>
    /// <example><code>
    /// var dataset = VideoDatasets.Folder("videos");   // videos/waving/a.avi is of class "waving"
    /// </code></example>
    public static VideoDataset Folder(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string root = Path.GetFullPath(path);
        var files = VideoFiles.Below(root);
        var loose = files.Where(file => !file.Contains('/', StringComparison.Ordinal)).ToList();
        if (loose.Count > 0 && loose.Count < files.Count)
        {
            throw new VideoDataException(
                $"'{root}' has {files.Count - loose.Count} videos in subfolders and {loose.Count} beside them (the first is '{loose[0]}'): " +
                "expected one or the other. Move those beside them into a subfolder, whose name is their class.");
        }

        // The name of the subfolder, or of the file.
        var labeled = files
            .Select(file => (File: file, Label: file.Split('/', 2)[0]))
            .OrderBy(entry => entry.Label, StringComparer.Ordinal)
            .ThenBy(entry => entry.File, StringComparer.Ordinal)
            .ToList();
        var classes = labeled.Select(entry => entry.Label).Distinct(StringComparer.Ordinal).ToList();
        var indices = classes.Select((label, index) => (label, index)).ToDictionary(entry => entry.label, entry => entry.index, StringComparer.Ordinal);
        var items = labeled
            .Select(entry => new VideoItem(Path.Combine(root, entry.File.Replace('/', Path.DirectorySeparatorChar)), entry.Label, indices[entry.Label]))
            .ToList();
        return new VideoDataset(new DirectoryInfo(root).Name, items, classes);
    }
}
