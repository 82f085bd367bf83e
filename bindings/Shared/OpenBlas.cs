using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Tclr.Bindings;

/// <summary>Tells OpenBLAS which kernels this processor can run, before it is loaded.</summary>
internal static partial class OpenBlas
{
    private const string Variable = "OPENBLAS_CORETYPE";

    /// <summary>To be called once, before the first native library is loaded. A choice made by the user stands.</summary>
    /// <remarks>
    /// OpenBLAS goes by the model number of the processor; one that is newer than the library gets the kernels of 2004,
    /// five times slower on an Intel Xeon with AVX-512. What counts is what the processor can do.
    /// </remarks>
    public static void ChooseCore()
    {
        string? core = Core();
        if (core is not null && Environment.GetEnvironmentVariable(Variable) is null)
        {
            // Not Environment.SetEnvironmentVariable: native code does not see what that sets.
            _ = setenv(Variable, core, 0);
        }
    }

    internal static string? Core()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return null;
        }

        if (Avx512F.IsSupported && Avx512BW.IsSupported && Avx512DQ.IsSupported && Avx512F.VL.IsSupported)
        {
            return "SkylakeX";
        }

        return Avx2.IsSupported && Fma.IsSupported ? "Haswell" : null;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int setenv(string name, string value, int overwrite);
}
