using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>The exports of the native shim (bindings/native/torch/shim.h).</summary>
internal static unsafe partial class Native
{
    private const string Library = NativeLoader.Library;

    static Native() => NativeLoader.Register();

    [LibraryImport(Library)]
    private static partial byte* tclr_last_error();

    [LibraryImport(Library)]
    internal static partial byte* tclr_version();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int tclr_operator_find(string name, string overload, out nint op);

    [LibraryImport(Library)]
    internal static partial int tclr_operator_call(nint op, NativeValue* arguments, int count, NativeValue* results, int capacity, out int resultCount);

    [LibraryImport(Library)]
    internal static partial void tclr_array_release(nint array);

    [LibraryImport(Library)]
    internal static partial void tclr_tensor_release(nint handle);

    [LibraryImport(Library)]
    internal static partial int tclr_tensor_share(nint handle, out nint shared);

    [LibraryImport(Library)]
    internal static partial int tclr_tensor_info(nint handle, out TensorInfo info);

    [LibraryImport(Library)]
    internal static partial int tclr_tensor_set_requires_grad(nint handle, int value);

    [LibraryImport(Library)]
    internal static partial int tclr_tensor_grad(nint handle, out nint grad);

    [LibraryImport(Library)]
    internal static partial int tclr_tensor_set_grad(nint handle, nint grad);

    [LibraryImport(Library)]
    internal static partial int tclr_backward(nint* tensors, int tensorCount, nint* grads, int gradCount, int retainGraph, int createGraph, nint* inputs, int inputCount);

    [LibraryImport(Library)]
    internal static partial int tclr_grad_mode();

    [LibraryImport(Library)]
    internal static partial void tclr_set_grad_mode(int enabled);

    [LibraryImport(Library)]
    internal static partial int tclr_threads();

    [LibraryImport(Library)]
    internal static partial int tclr_set_threads(int count);

    [LibraryImport(Library)]
    internal static partial int tclr_manual_seed(long seed);

    [LibraryImport(Library)]
    internal static partial int tclr_random_state(out nint state);

    [LibraryImport(Library)]
    internal static partial int tclr_set_random_state(nint state);

    [LibraryImport(Library)]
    internal static partial int tclr_tf32(int library);

    [LibraryImport(Library)]
    internal static partial int tclr_set_tf32(int library, int allowed);

    [LibraryImport(Library)]
    internal static partial int tclr_cuda_devices(out int count);

    [LibraryImport(Library)]
    internal static partial int tclr_cuda_synchronize(int device);

    /// <summary>Turns a failed call into an exception with libtorch's message, of the type that TorchSharp throws.</summary>
    internal static void Check(int status)
    {
        if (status != 0)
        {
            throw new ExternalException(Marshal.PtrToStringUTF8((nint)tclr_last_error()));
        }
    }
}
