using System.Reflection;
using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>Finds the native shim, and gives libtorch a fast BLAS before it is loaded.</summary>
internal static class NativeLoader
{
    internal const string Library = "tclr_torch";

    private static readonly Lock Gate = new();
    private static bool prepared;

    internal static void Prepare()
    {
        lock (Gate)
        {
            if (!prepared)
            {
                prepared = true;
                PreferOpenBlas();
                NativeLibrary.SetDllImportResolver(typeof(NativeLoader).Assembly, Resolve);
            }
        }
    }

    // Debian's default BLAS is the reference one, 30 times slower than OpenBLAS, and its pthread flavour fights libtorch's
    // threads. Libraries of the same soname that are loaded first win, so no administrator is needed to choose.
    private static void PreferOpenBlas()
    {
        string folder = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
        foreach (string file in (ReadOnlySpan<string>)["libblas.so.3", "liblapack.so.3"])
        {
            NativeLibrary.TryLoad($"/usr/lib/{folder}/openblas-openmp/{file}", out _);
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (!string.Equals(name, Library, StringComparison.Ordinal))
        {
            return 0;
        }

        string file = $"lib{Library}.so";
        string rid = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        string home = AppContext.BaseDirectory;
        string own = Path.GetDirectoryName(assembly.Location) ?? home;
        string[] places = [Path.Combine(own, file), Path.Combine(home, file), Path.Combine(home, "runtimes", rid, "native", file)];
        string reason = "it is not beside the application";
        foreach (string place in places.Where(File.Exists))
        {
            try
            {
                return NativeLibrary.Load(place);
            }
            catch (DllNotFoundException e)
            {
                reason = e.Message;
            }
        }

        if (NativeLibrary.TryLoad(name, assembly, searchPath, out nint handle))
        {
            return handle;
        }

        throw new DllNotFoundException(
            $"{file} could not be loaded ({reason}). The system backend needs libtorch: apt-get install libtorch-dev libopenblas0-openmp, or build with TCLR_LIBTORCH set to the CMake prefix of another libtorch.");
    }
}
