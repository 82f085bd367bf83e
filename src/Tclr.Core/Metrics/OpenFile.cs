namespace Tclr.Core;

/// <summary>A file that stays open during a run.</summary>
internal static class OpenFile
{
    /// <summary>Writes an open file again if it was deleted. On Unix, what was in it can be read until it is closed.</summary>
    /// <param name="file">The file, open for reading and writing, and flushed.</param>
    /// <param name="share">How the new file is shared.</param>
    /// <returns>The file, at its end; another one if it was deleted, and then the former is closed.</returns>
    public static FileStream WriteAgainIfDeleted(FileStream file, FileShare share)
    {
        if (File.Exists(file.Name))
        {
            return file;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file.Name)!);
        var again = new FileStream(file.Name, FileMode.CreateNew, FileAccess.ReadWrite, share);
        using (file)
        {
            file.Position = 0;
            file.CopyTo(again);
        }

        return again;
    }
}
