using System.Globalization;

namespace Tclr.Data;

/// <summary>The classes of the videos in a custom list: by folder, or by the number at the end of each line.</summary>
internal static class ListLabels
{
    private const string Unlabeled = "all";

    /// <summary>Finds the class of each line.</summary>
    /// <param name="root">The full path of the folder with the videos.</param>
    /// <param name="lines">The lines.</param>
    /// <param name="required">Whether a line without an unambiguous class is an error.</param>
    /// <returns>The videos, and the classes in order.</returns>
    public static (IReadOnlyList<(string Path, string Label, ListFile.Line Line)> Videos, IReadOnlyList<string> Classes) Of(string root, IReadOnlyList<ListFile.Line> lines, bool required)
    {
        Named[] videos = [.. lines.Select(line => Read(root, line))];
        if (videos.All(video => video.Number is not null) && !FoldersAreNumbers(videos))
        {
            int[] numbers = [.. videos.Select(video => video.Number!.Value).Distinct().Order()];
            return ([.. videos.Select(video => (video.Path, Name(video.Number!.Value), video.Line))], [.. numbers.Select(Name)]);
        }

        bool siblings = videos.Select(video => Path.GetDirectoryName(Path.GetDirectoryName(video.Path))).Distinct(StringComparer.Ordinal).Count() == 1;
        if (required)
        {
            Check(root, videos, siblings);
        }

        (string Path, string Label, ListFile.Line Line)[] labeled =
            [.. videos.Select(video => (video.Path, (siblings ? video.Folder : FirstFolder(root, video.Path)) ?? Unlabeled, video.Line))];
        return (labeled, [.. labeled.Select(video => video.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }

    private static Named Read(string root, ListFile.Line line)
    {
        var (file, number) = line.Split();
        string path = ListedVideos.Resolve(root, file, line);
        return new Named(path, ListedVideos.FolderOf(root, path), number, line);
    }

    private static void Check(string root, Named[] videos, bool siblings)
    {
        string name = Path.GetFileName(root);
        string expected = $"'class/video.avi' below '{root}' (also './class/video.avi', '{name}/class/video.avi' or an absolute path), or 'video.avi 3' with the number of the class in every line";
        if (Array.Find(videos, video => video.Folder is null) is { } loose)
        {
            // Numbers are ignored if some lines have none.
            var wrong = loose.Number is null ? loose : Array.Find(videos, video => video.Number is null) ?? loose;
            throw wrong.Line.Error(expected);
        }

        if (!siblings)
        {
            string first = Path.GetDirectoryName(Path.GetDirectoryName(videos[0].Path))!;
            var other = videos.First(video => !string.Equals(Path.GetDirectoryName(Path.GetDirectoryName(video.Path)), first, StringComparison.Ordinal));
            throw other.Line.Error($"the folders of all classes in one folder, '{first}' as in the lines before, so that the class is unambiguous; {expected}");
        }
    }

    // Folders and numbers correspond one to one: use the name of the folder.
    private static bool FoldersAreNumbers(Named[] videos)
    {
        var pairs = videos.Select(video => (video.Folder, video.Number)).Distinct().ToList();
        return videos.All(video => video.Folder is not null)
            && pairs.DistinctBy(pair => pair.Folder, StringComparer.Ordinal).Count() == pairs.Count && pairs.DistinctBy(pair => pair.Number).Count() == pairs.Count;
    }

    private static string? FirstFolder(string root, string path)
        => Path.GetRelativePath(root, path).Split(Path.DirectorySeparatorChar) is [var folder, _, ..] ? folder : null;

    private static string Name(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Named(string Path, string? Folder, int? Number, ListFile.Line Line);
}
