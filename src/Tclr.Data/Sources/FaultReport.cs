using System.Globalization;
using System.Text;

namespace Tclr.Data;

/// <summary>Tells what is wrong with a set of videos.</summary>
public static class FaultReport
{
    private const int Shown = 10;

    /// <summary>Counts faulty videos by kind and lists the first ten.</summary>
    /// <param name="faulty">The videos, for instance <see cref="VideoIndex.Faulty"/> or <see cref="ClipLoader.Faults"/>.</param>
    /// <returns>A line such as <c>3 faulty videos: 2 Truncated, 1 TimeOut</c>, and a line for each video.</returns>
    public static string Describe(IReadOnlyCollection<FaultyVideo> faulty)
    {
        ArgumentNullException.ThrowIfNull(faulty);
        var kinds = faulty.GroupBy(video => video.Fault).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Select(group => $"{group.Count()} {group.Key}");
        return faulty.Count == 0 ? "no faulty videos" : $"{faulty.Count} faulty video{(faulty.Count == 1 ? string.Empty : "s")}: {string.Join(", ", kinds)}{List(faulty)}";
    }

    /// <summary>Gives the number of videos that may be faulty; one always may.</summary>
    internal static int Tolerated(double share, int total) => Math.Max(1, (int)(share * total));

    /// <summary>Lists the first few faulty videos, one per line.</summary>
    internal static string List(IReadOnlyCollection<FaultyVideo> faulty)
    {
        var text = new StringBuilder();
        foreach (var video in faulty.Take(Shown))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  '{video.Path}': {video.Reason}");
        }

        if (faulty.Count > Shown)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n  and {faulty.Count - Shown} more");
        }

        return text.ToString();
    }
}
