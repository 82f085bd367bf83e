using System.Text.RegularExpressions;
using Tclr.Data;

namespace Tclr.Cli;

/// <summary>Folds of cross-validation that hold out whole groups of videos, such as all videos of a person.</summary>
internal sealed class GroupFolds
{
    private readonly Dictionary<VideoItem, int> folds;

    private GroupFolds(Dictionary<VideoItem, int> folds) => this.folds = folds;

    /// <summary>Finds the group of each video and divides the groups, in the order of their names, into folds of as equal numbers as possible.</summary>
    /// <param name="items">The videos.</param>
    /// <param name="folder">Their folder.</param>
    /// <param name="pattern">Regular expression for the path within the folder. Its first parentheses, or else the whole match, name the group.</param>
    /// <param name="count">Number of folds.</param>
    /// <exception cref="UsageException">The pattern is not valid, a video has no group, or there are fewer groups than folds.</exception>
    public static GroupFolds Of(IReadOnlyList<VideoItem> items, string folder, string pattern, int count)
    {
        var expression = Parse(pattern);
        var groups = items.ToDictionary(item => item, item => GroupOf(Path.GetRelativePath(folder, item.Path)));
        string[] names = [.. groups.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return names.Length >= count
            ? new GroupFolds(groups.ToDictionary(group => group.Key, group => 1 + (Array.IndexOf(names, group.Value) * count / names.Length)))
            : throw new UsageException($"--groups: expected {count} groups or more, one for each of the --folds, got {names.Length}: {string.Join(", ", names)}");

        string GroupOf(string path)
        {
            var match = expression.Match(path.Replace('\\', '/'));
            return match.Success
                ? match.Groups[match.Groups.Count > 1 ? 1 : 0].Value
                : throw new UsageException($"--groups: expected a regular expression that finds a group in the path of every video, got '{pattern}', which finds none in '{path}'");
        }
    }

    /// <summary>Whether a video is held out in a fold, from 1.</summary>
    public bool IsHeldOut(VideoItem item, int fold) => folds[item] == fold;

    // Without backtracking a match takes linear time.
    private static Regex Parse(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Regex.InfiniteMatchTimeout);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new UsageException($"--groups: expected a regular expression without look-around and back-references, got '{pattern}': {e.Message}");
        }
    }
}
