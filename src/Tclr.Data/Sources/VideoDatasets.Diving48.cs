using System.Text.Json;

namespace Tclr.Data;

/// <content>Diving48.</content>
public static partial class VideoDatasets
{
    private const int Diving48Classes = 48;

    /// <summary>Diving48 by an official json file.</summary>
    /// <param name="videos">The folder with the videos, <c>{vid_name}.mp4</c>.</param>
    /// <param name="json">The file, for instance <c>Diving48_V2_train.json</c>: a list of objects with <c>vid_name</c> and <c>label</c>, 0 to 47. Its name becomes part of the data set's.</param>
    /// <param name="vocabulary">The file <c>Diving48_vocab.json</c>, a list of 48 lists of words; <see langword="null"/> for the names <c>dive-00</c> to <c>dive-47</c>.</param>
    /// <param name="skipMissing">Whether missing videos are left out and listed in <see cref="VideoDataset.Missing"/>. The default value is <see langword="false"/>: they are an error.</param>
    /// <returns>The data set <c>diving48-..</c>, its videos in the order of the file.</returns>
    /// <exception cref="VideoDataException">A file is missing or malformed, videos are missing (the error has them all), or a path leads out of the folder.</exception>
    public static VideoDataset Diving48(string videos, string json, string? vocabulary = null, bool skipMissing = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(videos);
        ArgumentException.ThrowIfNullOrWhiteSpace(json);
        var classes = vocabulary is null
            ? [.. Enumerable.Range(0, Diving48Classes).Select(i => $"dive-{i:D2}")]
            : Elements(vocabulary, item => item.ValueKind == JsonValueKind.Array ? string.Join(' ', item.EnumerateArray().Select(word => word.GetString())) : null, "lists of words");
        if (classes.Distinct(StringComparer.Ordinal).Count() != Diving48Classes || classes.Count != Diving48Classes)
        {
            throw new VideoDataException($"'{vocabulary}' has {classes.Count} classes: expected {Diving48Classes}, all different. Get the official file.");
        }

        string root = ListedVideos.RequireFolder(videos);
        var entries = Elements(json, Entry, $"objects with vid_name and a label from 0 to {Diving48Classes - 1}");
        return ListedVideos.Find($"diving48-{Path.GetFileNameWithoutExtension(json)}", root, entries.Select(entry => entry!.Value), classes, skipMissing);

        ListedVideos.Entry? Entry(JsonElement item)
        {
            if (item.ValueKind == JsonValueKind.Object
                && item.TryGetProperty("vid_name", out var name) && name.ValueKind == JsonValueKind.String
                && item.TryGetProperty("label", out var label) && label.ValueKind == JsonValueKind.Number && label.TryGetInt32(out int index) && index is >= 0 and < Diving48Classes)
            {
                // The official names have no extension.
                string file = name.GetString()!;
                var line = new ListFile.Line(item.GetRawText(), $"'{Path.GetFileName(json)}', {file}");
                return new ListedVideos.Entry(ListedVideos.Resolve(root, VideoFiles.IsVideo(file) ? file : file + ".mp4", line), index, line);
            }

            return null;
        }
    }

    private static List<T> Elements<T>(string path, Func<JsonElement, T?> read, string expected)
    {
        try
        {
            using var document = JsonDocument.Parse(ListFile.ReadText(path));
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Index().Select(item => read(item.Item) is { } value
                    ? value
                    : throw new VideoDataException($"'{path}', element {item.Index}: expected {expected}, got {item.Item}. Get the official file."))]
                : throw new VideoDataException($"'{path}': expected a list of {expected}. Get the official file.");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new VideoDataException($"'{path}' cannot be parsed ({e.Message}): expected a JSON list of {expected}. Get the official file.", e);
        }
    }
}
