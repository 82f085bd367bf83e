using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tclr.Data;

/// <summary>Says in short which videos an index holds, wherever their folder is.</summary>
internal static class VideosFingerprint
{
    /// <summary>The number of videos and a hash of their names, below the folder that they have in common, and numbers of frames, in order.</summary>
    public static string Of(VideoIndex index)
    {
        string[] paths = [.. index.Items.Select(item => Path.GetFullPath(item.Path))];
        string folder = Path.GetDirectoryName(paths.FirstOrDefault()) ?? string.Empty;
        while (folder.Length > 0 && !paths.All(path => path.StartsWith(folder, StringComparison.Ordinal) && (Path.EndsInDirectorySeparator(folder) || path[folder.Length] is '/' or '\\')))
        {
            folder = Path.GetDirectoryName(folder) ?? string.Empty;
        }

        var lines = new StringBuilder();
        foreach (var (path, info) in paths.Zip(index.Infos))
        {
            lines.Append(path[folder.Length..].Replace('\\', '/').TrimStart('/')).Append('\t').Append(info.Frames.ToString(CultureInfo.InvariantCulture)).Append('\n');
        }

        return FormattableString.Invariant($"{paths.Length} videos {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString())).AsSpan(0, 6))}");
    }
}
