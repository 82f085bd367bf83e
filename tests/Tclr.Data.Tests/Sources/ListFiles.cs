namespace Tclr.Data.Tests;

/// <summary>Folders of videos and lists for the tests of data sets; the videos are empty, for nothing opens them.</summary>
internal static class ListFiles
{
    /// <summary>Makes empty files.</summary>
    public static void Touch(TemporaryFolder folder, IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
            File.WriteAllBytes(folder[name], []);
        }
    }

    /// <summary>Writes a list, its lines ended as the official files have it.</summary>
    public static void Write(TemporaryFolder folder, string name, params string[] lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[name])!);
        File.WriteAllText(folder[name], string.Concat(lines.Select(line => line + " \r\n")));
    }
}
