using System.Globalization;
using System.Text;

namespace Tclr.Data;

/// <summary>Describes the faulty videos of a data set.</summary>
internal static class FaultReport
{
    private const int Shown = 10;

    /// <summary>Counts faulty videos by kind and lists the first ten: <c>3 faulty videos: 2 Truncated, 1 TimeOut</c>, and a line for each.</summary>
    public static string Describe(IReadOnlyCollection<FaultyVideo> faulty)
    {
        var kinds = faulty.GroupBy(video => video.Fault).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Select(group => $"{group.Count()} {group.Key}");
        return faulty.Count == 0 ? "no faulty videos" : $"{faulty.Count} faulty video{(faulty.Count == 1 ? string.Empty : "s")}: {string.Join(", ", kinds)}{List(faulty)}";
    }

    /// <summary>Lists the faulty videos of an index and those that stop early.</summary>
    internal static string Describe(VideoIndex index)
    {
        var incomplete = index.Incomplete;
        string faults = $"{index.Items.Count} usable video{(index.Items.Count == 1 ? string.Empty : "s")}; {Describe(index.Faulty)}";
        return incomplete.Count == 0
            ? faults
            : $"{faults}\n{incomplete.Count} video{(incomplete.Count == 1 ? " stops" : "s stop")} before the end, damaged or cut{Lines(incomplete.Count, incomplete.Select(video => (video.Item.Path, Describe(video.Info))))}";
    }

    /// <summary>The number of videos that may be faulty, at least one.</summary>
    internal static int Tolerated(double share, int total) => Math.Max(1, (int)(share * total));

    /// <summary>Lists the first few faulty videos, one per line.</summary>
    internal static string List(IReadOnlyCollection<FaultyVideo> faulty) => Lines(faulty.Count, faulty.Select(video => (video.Path, video.Reason)));

    private static string Describe(VideoInfo info) => info.AnnouncedFrames > info.Frames
        ? FormattableString.Invariant($"{info.Frames} of {info.AnnouncedFrames} frames can be read")
        : FormattableString.Invariant($"{info.Frames} frames can be read, and the file is cut");

    private static string Lines(int count, IEnumerable<(string Path, string Reason)> videos)
    {
        var text = new StringBuilder();
        foreach (var (path, reason) in videos.Take(Shown))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  '{path}': {reason}");
        }

        if (count > Shown)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  and {count - Shown} more");
        }

        return text.ToString();
    }
}
