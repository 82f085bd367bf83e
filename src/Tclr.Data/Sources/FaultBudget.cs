using System.Globalization;
using System.Text;

namespace Tclr.Data;

/// <summary>How many faulty videos are tolerated, and how an excess is told.</summary>
internal static class FaultBudget
{
    private const int Shown = 10;

    /// <summary>Gives the number of videos that may be faulty; one always may.</summary>
    public static int Tolerated(double share, int total) => Math.Max(1, (int)(share * total));

    /// <summary>Lists the first few faulty videos, one per line.</summary>
    public static string Describe(IReadOnlyCollection<FaultyVideo> faulty)
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
