using System.Security.Cryptography;
using System.Text;

namespace Tclr.Data;

/// <summary>Identifies cached frames.</summary>
/// <param name="Video">Full path of the video.</param>
/// <param name="Stamp">Its size and time.</param>
/// <param name="Settings">The reader's <see cref="IVideoReader.FrameSettings"/>.</param>
internal sealed record FrameKey(string Video, FileStamp Stamp, string Settings)
{
    public const string Extension = ".frames";

    /// <summary>Name of the file with the frames. It does not depend on the stamp, so the frames of a changed video replace the old ones.</summary>
    public string FileName { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Video}\n{Settings}")).AsSpan(0, 16)) + Extension;

    /// <summary>Gets the key of a video; <see langword="null"/> if there is no such file.</summary>
    public static FrameKey? Of(string path, string settings)
    {
        string full = Path.GetFullPath(path);
        return FileStamp.Of(full) is { } stamp ? new FrameKey(full, stamp, settings) : null;
    }
}
