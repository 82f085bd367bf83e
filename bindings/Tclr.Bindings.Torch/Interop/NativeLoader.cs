using System.Runtime.InteropServices;
using Tclr.Bindings;

namespace TorchSharp.Interop;

/// <summary>Lets the imports find the native shim, and gives libtorch a fast BLAS before it is loaded.</summary>
internal static class NativeLoader
{
    internal const string Library = "tclr_torch";

    private static readonly ShimLibrary Shim = new(
        Library,
        "The system backend uses the machine's own libtorch: apt-get install libtorch-dev libopenblas0-openmp, or build with TCLR_LIBTORCH set to the CMake prefix of another one.");

    /// <summary>To be called once, before the first import.</summary>
    internal static void Register()
    {
        OpenBlas.ChooseCore();
        PreferOpenBlas();
        Shim.Register(typeof(NativeLoader).Assembly);
    }

    // Debian's default BLAS is the reference one, 30 times slower than OpenBLAS, and OpenBLAS's pthread flavour fights
    // libtorch's threads. Of libraries with the same name the one loaded first wins, so no administrator has to choose.
    private static void PreferOpenBlas()
    {
        string folder = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
        foreach (string file in (ReadOnlySpan<string>)["libblas.so.3", "liblapack.so.3"])
        {
            NativeLibrary.TryLoad($"/usr/lib/{folder}/openblas-openmp/{file}", out _);
        }
    }
}
