using System.Globalization;

namespace Tclr.Data;

/// <content>Kinetics.</content>
public static partial class VideoDatasets
{
    /// <summary>Kinetics-400, -600 or -700 by an official csv file.</summary>
    /// <remarks>
    /// Needed columns are <c>label</c>, <c>youtube_id</c>, <c>time_start</c> and <c>time_end</c>; others are ignored. The
    /// video is <c>{youtube_id}_{time_start:D6}_{time_end:D6}.mp4</c>, in a folder with the label's name, with spaces or
    /// underscores, or in <paramref name="videos"/> itself if there is none.
    /// </remarks>
    /// <param name="videos">The folder with the videos.</param>
    /// <param name="csv">The file, for instance <c>train.csv</c>; its name becomes part of the data set's.</param>
    /// <param name="classes">The names of the classes in order; <see langword="null"/> for the labels of the file in ordinal order.</param>
    /// <param name="skipMissing">Whether missing videos are left out and listed in <see cref="VideoDataset.Missing"/>. The default value is <see langword="false"/>: they are an error. Few copies of Kinetics are complete.</param>
    /// <returns>The data set <c>kinetics-train</c> and so on, its videos in the order of the file.</returns>
    /// <exception cref="VideoDataException">The file is missing or has a malformed line, videos are missing (the error has them all), or a path leads out of the folder.</exception>
    public static VideoDataset Kinetics(string videos, string csv, IReadOnlyList<string>? classes = null, bool skipMissing = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(videos);
        ArgumentException.ThrowIfNullOrWhiteSpace(csv);
        string root = ListedVideos.RequireFolder(videos);
        var lines = ListFile.Read(csv);
        var header = Fields(lines[0].Text);
        int Column(string name) => header.IndexOf(name) is >= 0 and var column
            ? column
            : throw lines[0].Error($"a header with '{name}'");
        int label = Column("label"), id = Column("youtube_id"), start = Column("time_start"), end = Column("time_end");
        var rows = lines.Skip(1).Select(line =>
        {
            var fields = Fields(line.Text);
            return fields.Count == header.Count && fields[label].Length > 0 && fields[id].Length > 0 && Seconds(fields[start]) is { } from && Seconds(fields[end]) is { } to
                ? (Label: fields[label], Name: string.Create(CultureInfo.InvariantCulture, $"{fields[id]}_{from:D6}_{to:D6}.mp4"), Line: line)
                : throw line.Error($"{header.Count} fields with a label, an id and times in whole seconds");
        }).ToList();

        classes ??= [.. rows.Select(row => row.Label).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var indices = classes.Index().ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        var folders = indices.Keys.ToDictionary(name => name, name => FolderOf(root, name), StringComparer.Ordinal);
        var entries = rows.Select(row => indices.TryGetValue(row.Label, out int index)
            ? new ListedVideos.Entry(ListedVideos.Resolve(root, folders[row.Label] + row.Name, row.Line), index, row.Line)
            : throw row.Line.Error("a label of the given classes"));
        return ListedVideos.Find($"kinetics-{Path.GetFileNameWithoutExtension(csv)}", root, entries, classes, skipMissing);
    }

    private static string FolderOf(string root, string label)
        => new[] { label, label.Replace(' ', '_') }.FirstOrDefault(name => Directory.Exists(Path.Combine(root, name))) is { } folder ? folder + "/" : string.Empty;

    private static int? Seconds(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;

    // Fields may be quoted, with quotes doubled.
    private static List<string> Fields(string line)
    {
        var fields = new List<string>();
        var field = new System.Text.StringBuilder();
        bool quoted = false;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '"' && quoted && i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append(line[i++]);
            }
            else if (line[i] == '"')
            {
                quoted = !quoted;
            }
            else if (line[i] == ',' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else
            {
                field.Append(line[i]);
            }
        }

        fields.Add(field.ToString());
        return fields;
    }
}
