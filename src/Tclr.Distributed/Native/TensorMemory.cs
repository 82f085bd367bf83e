using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Tclr.Distributed.Native;

/// <summary>Where the elements of a tensor lie.</summary>
internal static partial class TensorMemory
{
    /// <summary>The address of the first element, on the tensor's device. It is valid while the tensor is alive.</summary>
    public static nint Address(Tensor tensor) => THSTensor_data(tensor.Handle);

    // TorchSharp's own way to it, Tensor.bytes, ends at 2 GB and on the CPU.
    [LibraryImport("LibTorchSharp")]
    private static partial nint THSTensor_data(nint handle);
}
