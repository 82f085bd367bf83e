namespace Tclr.Fuzz;

/// <summary>Gives one file to a reader.</summary>
internal static class FuzzCase
{
    // A reader may allocate this much, and a multiple of the file.
    private const long FixedBytes = 32 << 20;
    private const long BytesForEach = 200;

    /// <summary>Runs a reader on a file.</summary>
    /// <param name="target">The reader.</param>
    /// <param name="path">Where the file is written.</param>
    /// <param name="input">Its content.</param>
    /// <returns>The finding: an exception that is not documented, or too much memory; <see langword="null"/> if there is none.</returns>
    public static string? Run(FuzzTarget target, string path, byte[] input)
    {
        Write(path, input);
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Read(path);
        }
        catch (Exception e) when (target.IsTyped(e))
        {
            // Refused, as documented.
        }
        catch (Exception e)
        {
            return e.ToString();
        }

        long used = GC.GetAllocatedBytesForCurrentThread() - before;
        return used > FixedBytes + (BytesForEach * input.Length) ? FormattableString.Invariant($"{used} bytes of memory for a file of {input.Length}") : null;
    }

    // Some file systems flush a file that is emptied and written again; this one is not emptied.
    private static void Write(string path, byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(bytes);
        file.SetLength(bytes.Length);
    }
}
