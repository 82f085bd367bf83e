using System.Collections;
using System.Runtime.InteropServices;

namespace Tclr.Core;

/// <summary>Settings of glibc's malloc.</summary>
internal static partial class GlibcMalloc
{
    // Constants of malloc.h.
    private const int TrimThreshold = -1;
    private const int TopPad = -2;
    private const int MmapThreshold = -3;
    private const int ArenaMax = -8;

    private static readonly Lazy<bool> Retaining = new(() =>
        IsGlibc && !UserDecided(Environment.GetEnvironmentVariables())
        && mallopt(MmapThreshold, 1 << 30) == 1 && mallopt(TrimThreshold, int.MaxValue) == 1 && mallopt(TopPad, 64 << 20) == 1 && mallopt(ArenaMax, 1) == 1);

    private static bool IsGlibc => OperatingSystem.IsLinux() && NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "gnu_get_libc_version", out _);

    /// <summary>Allocates large blocks from one heap for all threads, and keeps freed memory in it. Applied once.</summary>
    /// <returns>Whether the settings were applied.</returns>
    public static bool RetainFreedMemory() => Retaining.Value;

    /// <summary>Returns the heap's free memory to the system now.</summary>
    public static void ReleaseFreedMemory()
    {
        if (IsGlibc)
        {
            _ = malloc_trim(0);
        }
    }

    /// <summary>Whether environment variables set malloc's tunables, which then take precedence.</summary>
    internal static bool UserDecided(IDictionary environment)
        => environment.Keys.Cast<string>().Any(name => name.StartsWith("MALLOC_", StringComparison.Ordinal))
            || (environment["GLIBC_TUNABLES"] as string ?? string.Empty).Contains("glibc.malloc", StringComparison.Ordinal);

    [LibraryImport("libc")]
    private static partial int mallopt(int parameter, int value);

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint pad);
}
