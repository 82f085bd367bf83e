using System.Runtime.InteropServices;

namespace Tclr.Core;

/// <summary>Renames and deletes folders so that the result survives a power failure.</summary>
internal static partial class DurableFolder
{
    private const int ReadOnly = 0;

    /// <summary>Creates a folder, if there is none.</summary>
    public static void Create(string folder)
    {
        FileFaults.Before("create", folder);
        Directory.CreateDirectory(folder);
    }

    /// <summary>Renames a folder whose files are on the disk.</summary>
    public static void Move(string from, string to)
    {
        Flush(from);
        FileFaults.Before("rename", to);
        Directory.Move(from, to);
        Flush(Path.GetDirectoryName(to)!);
    }

    /// <summary>Deletes a folder with its content, if it exists.</summary>
    public static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            FileFaults.Before("delete", folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>As <see cref="Delete"/>, but ignores errors, because remaining files only take space.</summary>
    public static void TryDelete(string folder)
    {
        try
        {
            Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    // .NET cannot open folders. Windows journals renames.
    private static void Flush(string folder)
    {
        FileFaults.Before("flush", folder);
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = open(folder, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"'{folder}' cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        }

        // Some file systems cannot flush a folder.
        _ = fsync(descriptor);
        _ = close(descriptor);
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc")]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
