using System.Diagnostics;

namespace Tclr.Data;

/// <summary>The space that a cache may still use. Other processes may fill the same folder.</summary>
internal sealed class CacheBudget(string folder, FrameCacheOptions options)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private long measured = -1;
    private long measuredAt;
    private long added;
    private long underWay;

    /// <summary>Reserves space for a file.</summary>
    /// <returns>The reason if there is no space; otherwise <see langword="null"/>.</returns>
    public string? Reserve(long bytes)
    {
        lock (gate)
        {
            if (measured < 0 || Stopwatch.GetElapsedTime(measuredAt) > Fresh)
            {
                (measured, measuredAt, added) = (Measure(), Stopwatch.GetTimestamp(), 0);
            }

            long used = measured + added + underWay;
            if (bytes > options.MaximumBytes - used)
            {
                return FormattableString.Invariant($"{Size(used)} of the {Size(options.MaximumBytes)} of MaximumBytes are used, and the next video needs {Size(bytes)}");
            }

            if (options.MinimumFreeBytes > 0 && Free() is { } free && free - underWay - bytes < options.MinimumFreeBytes)
            {
                return FormattableString.Invariant($"the disk has {Size(free)} left, of which MinimumFreeBytes keeps {Size(options.MinimumFreeBytes)}, and the next video needs {Size(bytes)}");
            }

            underWay += bytes;
            return null;
        }
    }

    /// <summary>Ends a reservation: the file was written, or the space is free again.</summary>
    public void Settle(long bytes, bool written)
    {
        lock (gate)
        {
            underWay -= bytes;
            added += written ? bytes : 0;
        }
    }

    private static string Size(long bytes) => bytes < 1_000_000_000 ? FormattableString.Invariant($"{bytes / 1e6:0.0} MB") : FormattableString.Invariant($"{bytes / 1e9:0.0} GB");

    private long Measure()
    {
        long sum = 0;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*" + FrameKey.Extension))
        {
            try
            {
                sum += file.Length;
            }
            catch (FileNotFoundException)
            {
                // Another process removed it.
            }
        }

        return sum;
    }

    private long? Free()
    {
        try
        {
            return new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null; // unknown, for example for a network share: a full disk is then a write error
        }
    }
}
