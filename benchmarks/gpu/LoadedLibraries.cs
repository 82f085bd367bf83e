using System.Runtime.InteropServices;

namespace Tclr.Benchmarks.Gpu;

/// <summary>Libraries that libtorch has loaded.</summary>
internal static class LoadedLibraries
{
    /// <summary>The handle of the library whose file name begins so; null if none is loaded.</summary>
    public static nint? Find(string name)
    {
        string? path = File.ReadLines("/proc/self/maps")
            .Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .FirstOrDefault(file => Path.GetFileName(file).StartsWith(name, StringComparison.Ordinal));
        return path is not null && NativeLibrary.TryLoad(path, out nint handle) ? handle : null;
    }
}
