using System.Globalization;

namespace Tclr.Data;

/// <content>UCF101.</content>
public static partial class VideoDatasets
{
    /// <summary>UCF101 by its official lists.</summary>
    /// <param name="videos">The folder with the videos, <c>ApplyEyeMakeup/v_ApplyEyeMakeup_g01_c01.avi</c> and so on.</param>
    /// <param name="lists">The folder with <c>classInd.txt</c>, <c>trainlist01.txt</c>, <c>testlist01.txt</c> and so on.</param>
    /// <param name="part">Which part of the split.</param>
    /// <param name="split">Which split, 1 to 3. The default value is 1.</param>
    /// <param name="skipMissing">Whether missing videos are left out and listed in <see cref="VideoDataset.Missing"/>. The default value is <see langword="false"/>: they are an error.</param>
    /// <returns>The data set <c>ucf101-train1</c> and so on, its videos in the order of the list, its 101 classes in that of <c>classInd.txt</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such split or part.</exception>
    /// <exception cref="VideoDataException">A list is missing or has a malformed line, videos are missing (the error has them all), or a path leads out of the folder.</exception>
    /// <example><code>
    /// var train = VideoDatasets.Ucf101("UCF-101", "ucfTrainTestlist", SplitPart.Train);
    /// </code></example>
    public static VideoDataset Ucf101(string videos, string lists, SplitPart part, int split = 1, bool skipMissing = false)
    {
        CheckSplit(videos, lists, part, split);
        var classes = Ucf101Classes(Path.Combine(lists, "classInd.txt"));
        var indices = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        string root = ListedVideos.RequireFolder(videos);
        string prefix = part == SplitPart.Train ? "train" : "test";
        var entries = ListFile.Read(Path.Combine(lists, $"{prefix}list{split:D2}.txt")).Select(line =>
        {
            // The training list repeats the class as a number.
            var (file, number) = line.Split();
            string path = ListedVideos.Resolve(root, file, line);
            return ListedVideos.FolderOf(root, path) is { } folder && indices.TryGetValue(folder, out int index) && (number ?? index + 1) == index + 1 && !Path.GetFileName(path).Contains(' ', StringComparison.Ordinal)
                ? new ListedVideos.Entry(path, index, line)
                : throw line.Error("'Class/video.avi' with a class of classInd.txt, optionally followed by its number ('Class/video.avi 1')");
        });
        return ListedVideos.Find($"ucf101-{prefix}{split}", root, entries, classes, skipMissing);
    }

    private static void CheckSplit(string videos, string lists, SplitPart part, int split)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(videos);
        ArgumentException.ThrowIfNullOrWhiteSpace(lists);
        OptionChecker.ThrowIfInvalid(check => check.Defined(part), nameof(part));
        OptionChecker.ThrowIfInvalid(check => check.Between(split, 1, 3), nameof(split));
    }

    private static List<string> Ucf101Classes(string path)
    {
        var classes = new List<string>();
        foreach (var line in ListFile.Read(path))
        {
            string[] fields = line.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string number = (classes.Count + 1).ToString(CultureInfo.InvariantCulture);
            if (fields.Length != 2 || !string.Equals(fields[0], number, StringComparison.Ordinal) || classes.Contains(fields[1], StringComparer.Ordinal))
            {
                throw line.Error($"'{number}' and the name of a class");
            }

            classes.Add(fields[1]);
        }

        return classes;
    }
}
