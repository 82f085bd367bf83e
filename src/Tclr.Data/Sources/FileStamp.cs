using System.Runtime.InteropServices;

namespace Tclr.Data;

/// <summary>Size and time of a file, to detect changes without reading it.</summary>
/// <param name="Length">Size in bytes.</param>
/// <param name="Modified">Time of the last change, in ticks (UTC).</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileStamp(long Length, long Modified)
{
    /// <summary>Gets a file's stamp; <see langword="null"/> if there is no such file.</summary>
    public static FileStamp? Of(string path)
    {
        try
        {
            var file = SourceFile.Target(new FileInfo(path));
            return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc.Ticks) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
