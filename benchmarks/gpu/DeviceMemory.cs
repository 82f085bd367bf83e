using System.Runtime.InteropServices;

namespace Tclr.Benchmarks.Gpu;

/// <summary>The device's memory in use, from CUDA's runtime: TorchSharp has no memory functions.</summary>
internal static unsafe class DeviceMemory
{
    private static readonly nint? Function = LoadedLibraries.Find("libcudart") is { } library ? NativeLibrary.GetExport(library, "cudaMemGetInfo") : null;

    /// <summary>GiB in use by all that runs on the device, with what libtorch keeps for reuse; NaN if unknown.</summary>
    public static double UsedGiB
    {
        get
        {
            nuint free, total;
            return Function is { } function && ((delegate* unmanaged[Cdecl]<nuint*, nuint*, int>)function)(&free, &total) == 0 ? (total - free) / (double)(1 << 30) : double.NaN;
        }
    }
}
