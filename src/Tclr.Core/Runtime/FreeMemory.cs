using System.Globalization;

namespace Tclr.Core;

/// <summary>The memory that this process can still allocate.</summary>
/// <remarks>
/// On Linux, the limit of <see cref="GC.GetGCMemoryInfo()"/> does not apply: in a container it is by default 75 % of the container's
/// memory, which bounds the managed heap but not tensors.
/// </remarks>
/// <param name="Bytes">Available bytes, including swap space.</param>
/// <param name="Limit">What sets the limit, for messages.</param>
internal sealed record FreeMemory(long Bytes, string Limit)
{
    private const string Machine = "of the machine";
    private const string ControlGroup = "of the control group (container)";

    // Version 1 reports a missing limit as a value near 2^63.
    private const long NoLimit = 1L << 60;

    /// <summary>Queries the operating system.</summary>
    /// <param name="root">The folder with <c>proc</c> and <c>sys</c>.</param>
    /// <returns>The available memory; <see langword="null"/> if it is unknown.</returns>
    public static FreeMemory? Find(string root = "/")
    {
        if (!OperatingSystem.IsLinux())
        {
            // Memory of other processes can be swapped out.
            long total = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            return total > 0 ? new FreeMemory(Math.Max(0, total - Environment.WorkingSet), Machine) : null;
        }

        var memory = Table(Path.Combine(root, "proc/meminfo"), 1024);
        if (!memory.TryGetValue("MemAvailable:", out long available))
        {
            return null;
        }

        memory.TryGetValue("SwapFree:", out long swap);
        var least = new FreeMemory(available + swap, Machine);
        foreach (long bytes in Groups(root, swap))
        {
            least = bytes < least.Bytes ? new FreeMemory(bytes, ControlGroup) : least;
        }

        return least;
    }

    // The limits of this process's group and its parents. Inside a container, its group is the root.
    private static IEnumerable<long> Groups(string root, long swap)
    {
        foreach (string line in Lines(Path.Combine(root, "proc/self/cgroup")))
        {
            if (line.Split(':', 3) is not [_, var controllers, var path])
            {
                continue;
            }

            bool first = controllers.Split(',').Contains("memory", StringComparer.Ordinal);
            if (!first && controllers.Length > 0)
            {
                continue;
            }

            string mount = Path.Combine(root, first ? "sys/fs/cgroup/memory" : "sys/fs/cgroup");
            for (string at = path.Trim('/'); ; at = Path.GetDirectoryName(at) ?? string.Empty)
            {
                string folder = Path.Combine(mount, at);
                if ((first ? First(folder, swap) : Second(folder, swap)) is { } bytes)
                {
                    yield return bytes;
                }

                if (at.Length == 0)
                {
                    break;
                }
            }
        }
    }

    private static long? First(string folder, long swap)
    {
        if (Number(folder, "memory.limit_in_bytes") is not { } limit || limit >= NoLimit || Number(folder, "memory.usage_in_bytes") is not { } used)
        {
            return null;
        }

        var parts = Table(Path.Combine(folder, "memory.stat"), 1);
        long files = parts.GetValueOrDefault("total_inactive_file") + parts.GetValueOrDefault("total_active_file");
        long swappable = Number(folder, "memory.memsw.limit_in_bytes") is { } both ? Math.Clamp(both - limit, 0, swap) : swap;
        return Math.Max(0, limit - used + files + swappable);
    }

    private static long? Second(string folder, long swap)
    {
        if (Number(folder, "memory.max") is not { } limit || Number(folder, "memory.current") is not { } used)
        {
            return null;
        }

        var parts = Table(Path.Combine(folder, "memory.stat"), 1);
        long files = parts.GetValueOrDefault("inactive_file") + parts.GetValueOrDefault("active_file");
        long swappable = Number(folder, "memory.swap.max") is { } most ? Math.Clamp(most - (Number(folder, "memory.swap.current") ?? 0), 0, swap) : swap;
        return Math.Max(0, limit - used + files + swappable);
    }

    // Null also for 'max', which is no limit.
    private static long? Number(string folder, string name)
        => Lines(Path.Combine(folder, name)) is [var text, ..] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;

    private static Dictionary<string, long> Table(string path, long unit)
    {
        var table = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string line in Lines(path))
        {
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var name, var number, ..] && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long value))
            {
                table[name] = value * unit;
            }
        }

        return table;
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
