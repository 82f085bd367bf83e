using System.Globalization;

namespace Tclr.Testing;

/// <summary>Real clips that lie in a folder <c>shared/videos</c> beside or above the checkout, where there is one.</summary>
internal static class SharedVideos
{
    public sealed record Entry(string Path, int Frames, int Width, int Height, int Rotation)
    {
        public override string ToString() => System.IO.Path.GetFileName(Path);
    }

    /// <summary>The clips of the manifest; without the folder the test is ignored.</summary>
    public static IReadOnlyList<Entry> Require()
    {
        string folder = Path.GetDirectoryName(SharedFolder.Require("videos", "manifest.csv"))!;
        string[] lines = File.ReadAllLines(Path.Combine(folder, "manifest.csv"));
        var columns = Split(lines[0]);
        string Cell(List<string> row, string name) => row[columns.IndexOf(name)];
        int Number(List<string> row, string name) => Cell(row, name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        return [.. lines.Skip(1).Select(Split).Select(row => new Entry(
            Path.Combine(folder, Cell(row, "file")), Number(row, "frames"), Number(row, "w"), Number(row, "h"), Number(row, "rotation")))];
    }

    private static List<string> Split(string line)
    {
        var cells = new List<string>();
        string cell = string.Empty;
        bool quoted = false;
        foreach (char c in line)
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            else if (c == ',' && !quoted)
            {
                cells.Add(cell);
                cell = string.Empty;
            }
            else
            {
                cell += c;
            }
        }

        cells.Add(cell);
        return cells;
    }
}
