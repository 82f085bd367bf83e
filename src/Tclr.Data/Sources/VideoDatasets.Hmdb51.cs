namespace Tclr.Data;

/// <content>HMDB51.</content>
public static partial class VideoDatasets
{
    /// <summary>HMDB51 by its official lists.</summary>
    /// <param name="videos">The folder with the videos, <c>brush_hair/Aussie_Brunette_.._0.avi</c> and so on.</param>
    /// <param name="lists">The folder with <c>brush_hair_test_split1.txt</c> and so on, one file for each class and split: 1 after a video means train, 2 test, 0 neither.</param>
    /// <param name="part">Which part of the split.</param>
    /// <param name="split">Which split, 1 to 3. The default value is 1.</param>
    /// <param name="skipMissing">Whether missing videos are left out and listed in <see cref="VideoDataset.Missing"/>. The default value is <see langword="false"/>: they are an error.</param>
    /// <returns>The data set <c>hmdb51-train1</c> and so on, its 51 classes in ordinal order, the videos of a class in the order of its list.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such split or part.</exception>
    /// <exception cref="VideoDataException">A list is missing or has a malformed line, videos are missing (the error has them all), or a path leads out of the folder.</exception>
    public static VideoDataset Hmdb51(string videos, string lists, SplitPart part, int split = 1, bool skipMissing = false)
    {
        CheckSplit(videos, lists, part, split);
        string ending = $"_test_split{split}.txt";
        string folder = ListedVideos.RequireFolder(lists);
        var classes = Directory.GetFiles(folder, "*" + ending).Select(file => Path.GetFileName(file)[..^ending.Length]).Order(StringComparer.Ordinal).ToList();
        if (classes.Count == 0)
        {
            throw new VideoDataException($"'{folder}' has no file that ends in '{ending}': expected one for each class. Get the official lists.");
        }

        string root = ListedVideos.RequireFolder(videos);
        int wanted = part == SplitPart.Train ? 1 : 2;
        var entries = classes.Index().SelectMany(label => ListFile.Read(Path.Combine(folder, label.Item + ending)).Select(line =>
        {
            // The official lists omit the folder of the class.
            var (file, number) = line.Split();
            string plain = file.Replace('\\', '/');
            bool alone = !(plain.StartsWith("./", StringComparison.Ordinal) ? plain[2..] : plain).Contains('/', StringComparison.Ordinal);
            string path = ListedVideos.Resolve(root, alone ? $"{label.Item}/{file}" : file, line);
            return number is 0 or 1 or 2 && string.Equals(ListedVideos.FolderOf(root, path), label.Item, StringComparison.Ordinal)
                ? (Entry: new ListedVideos.Entry(path, label.Index, line), Part: number)
                : throw line.Error($"a video of the class '{label.Item}' and 0, 1 or 2 ('video.avi 1', '{label.Item}/video.avi 1')");
        }));
        string prefix = part == SplitPart.Train ? "train" : "test";
        return ListedVideos.Find(
            $"hmdb51-{prefix}{split}", root,
            entries.Where(entry => entry.Part == wanted).Select(entry => entry.Entry), classes, skipMissing);
    }
}
