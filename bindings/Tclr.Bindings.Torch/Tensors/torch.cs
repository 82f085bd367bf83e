using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Single precision.</summary>
    public static ScalarType float32 => ScalarType.Float32;

    /// <summary>Signed 64-bit integer.</summary>
    public static ScalarType int64 => ScalarType.Int64;

    /// <summary>Unsigned 8-bit integer.</summary>
    public static ScalarType uint8 => ScalarType.Byte;

    /// <summary>Version of libtorch.</summary>
    public static unsafe string __version__ => Marshal.PtrToStringUTF8((nint)Native.tclr_version())!;

    /// <summary>A tensor of zeros.</summary>
    /// <param name="size">Its shape.</param>
    /// <param name="dtype">Type of the elements; single precision if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Create(Operators.Zeros, size, dtype, device, requires_grad);

    /// <summary>A tensor of ones.</summary>
    /// <param name="size">Its shape.</param>
    /// <param name="dtype">Type of the elements; single precision if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor ones(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Create(Operators.Ones, size, dtype, device, requires_grad);

    /// <summary>A tensor of memory that is not set.</summary>
    /// <param name="size">Its shape.</param>
    /// <param name="dtype">Type of the elements; single precision if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Create(Operators.Empty, size, dtype, device, requires_grad);

    /// <summary>A tensor of uniform random numbers in [0, 1).</summary>
    /// <param name="size">Its shape.</param>
    /// <param name="dtype">Type of the elements; single precision if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="generator">Must be null: the default generator is used.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor rand(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
        => Create(Operators.Rand, size, dtype, device, requires_grad);

    /// <summary>A tensor of normal random numbers.</summary>
    /// <param name="size">Its shape.</param>
    /// <param name="dtype">Type of the elements; single precision if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="generator">Must be null: the default generator is used.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor randn(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
        => Create(Operators.Randn, size, dtype, device, requires_grad);

    /// <summary>A tensor of one number.</summary>
    /// <param name="size">Its shape.</param>
    /// <param name="value">The number.</param>
    /// <param name="dtype">Type of the elements; single precision if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => empty(size, dtype, device).fill_(value).requires_grad_(requires_grad);

    /// <summary>Integers from 0.</summary>
    /// <param name="stop">The bound above.</param>
    /// <param name="dtype">Type of the elements; 64-bit integers for an integer bound if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => Operators.Arange.Call(stop, dtype, Argument.None, Initialized(device)).requires_grad_(requires_grad);

    /// <summary>A matrix with ones on the diagonal.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns; as many as rows if negative.</param>
    /// <param name="dtype">Type of the elements; single precision if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Operators.Eye.Call(rows, columns < 0 ? rows : columns, dtype, Argument.None, Initialized(device)).requires_grad_(requires_grad);

    /// <summary>A vector with a copy of an array.</summary>
    /// <param name="rawArray">The elements.</param>
    /// <param name="dtype">Type of the elements; that of the array if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor tensor(float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Copy(rawArray, [rawArray.Length], dtype, device, requires_grad);

    /// <summary>A tensor with a copy of an array.</summary>
    /// <param name="rawArray">The elements, in the order of the indices.</param>
    /// <param name="dimensions">Its shape.</param>
    /// <param name="dtype">Type of the elements; that of the array if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor tensor(float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Copy(rawArray, dimensions.ToArray(), dtype, device, requires_grad);

    /// <summary>A vector with a copy of an array.</summary>
    /// <param name="rawArray">The elements.</param>
    /// <param name="dtype">Type of the elements; that of the array if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor tensor(double[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Copy(rawArray, [rawArray.Length], dtype, device, requires_grad);

    /// <summary>A tensor with a copy of an array.</summary>
    /// <param name="rawArray">The elements, in the order of the indices.</param>
    /// <param name="dimensions">Its shape.</param>
    /// <param name="dtype">Type of the elements; that of the array if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor tensor(double[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Copy(rawArray, dimensions.ToArray(), dtype, device, requires_grad);

    /// <summary>A vector with a copy of an array.</summary>
    /// <param name="dataArray">The elements.</param>
    /// <param name="dtype">Type of the elements; that of the array if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor tensor(long[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Copy(dataArray, [dataArray.Length], dtype, device, requires_grad);

    /// <summary>A tensor with a copy of an array.</summary>
    /// <param name="dataArray">The elements, in the order of the indices.</param>
    /// <param name="dimensions">Its shape.</param>
    /// <param name="dtype">Type of the elements; that of the array if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor tensor(long[] dataArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Copy(dataArray, dimensions.ToArray(), dtype, device, requires_grad);

    /// <summary>A vector with a copy of an array.</summary>
    /// <param name="rawArray">The elements.</param>
    /// <param name="dtype">Type of the elements; that of the array if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor tensor(int[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Copy(rawArray, [rawArray.Length], dtype, device, requires_grad);

    /// <summary>A tensor with a copy of an array.</summary>
    /// <param name="rawArray">The elements, in the order of the indices.</param>
    /// <param name="dimensions">Its shape.</param>
    /// <param name="dtype">Type of the elements; that of the array if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor tensor(int[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Copy(rawArray, dimensions.ToArray(), dtype, device, requires_grad);

    /// <summary>A vector with a copy of an array.</summary>
    /// <param name="rawArray">The elements.</param>
    /// <param name="dtype">Type of the elements; that of the array if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor tensor(byte[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Copy(rawArray, [rawArray.Length], dtype, device, requires_grad);

    /// <summary>A tensor with a copy of an array.</summary>
    /// <param name="rawArray">The elements, in the order of the indices.</param>
    /// <param name="dimensions">Its shape.</param>
    /// <param name="dtype">Type of the elements; that of the array if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor tensor(byte[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Copy(rawArray, dimensions.ToArray(), dtype, device, requires_grad);

    /// <summary>A vector with a copy of an array.</summary>
    /// <param name="rawArray">The elements.</param>
    /// <param name="dtype">Type of the elements; that of the array if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor tensor(bool[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Copy(rawArray, [rawArray.Length], dtype, device, requires_grad);

    /// <summary>A tensor with a copy of an array.</summary>
    /// <param name="rawArray">The elements, in the order of the indices.</param>
    /// <param name="dimensions">Its shape.</param>
    /// <param name="dtype">Type of the elements; that of the array if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <param name="names">Must be null: named dimensions are not supported.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor tensor(bool[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
        => Copy(rawArray, dimensions.ToArray(), dtype, device, requires_grad);

    /// <summary>A tensor of one number, without dimensions.</summary>
    /// <param name="scalar">The number.</param>
    /// <param name="dtype">Type of the elements; double precision if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => Copy([scalar], [], dtype, device, requires_grad);

    /// <summary>A tensor of one integer, without dimensions.</summary>
    /// <param name="scalar">The integer.</param>
    /// <param name="dtype">Type of the elements; 64-bit integers if null.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
        => Copy([scalar], [], dtype, device, requires_grad);

    /// <summary>A tensor of one number, without dimensions, in single precision.</summary>
    /// <param name="scalar">The number.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false)
        => Copy([scalar], [], null, device, requires_grad);

    /// <summary>A tensor of one integer, without dimensions, of 32 bits.</summary>
    /// <param name="scalar">The integer.</param>
    /// <param name="device">Where to put it; the processor if null.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor tensor(int scalar, Device? device = null, bool requires_grad = false)
        => Copy([scalar], [], null, device, requires_grad);

    /// <summary>Joins tensors along a dimension.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="dim">The dimension.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor cat(ReadOnlySpan<Tensor> tensors, long dim = 0) => Operators.Cat.Call(tensors.ToArray(), dim);

    /// <summary>Joins tensors along a dimension.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="dim">The dimension.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Operators.Cat.Call(tensors.ToArray(), dim);

    /// <summary>Joins tensors along a dimension.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="dim">The dimension.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor cat(Tensor[] tensors, long dim = 0) => Operators.Cat.Call(tensors, dim);

    /// <summary>Joins tensors along a new dimension.</summary>
    /// <param name="tensors">The tensors, of one shape.</param>
    /// <param name="dim">The new dimension.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Operators.Stack.Call(tensors.ToArray(), dim);

    /// <summary>Takes elements from one tensor or another.</summary>
    /// <param name="condition">Where to take the first.</param>
    /// <param name="x">The first tensor.</param>
    /// <param name="y">The other tensor.</param>
    /// <returns>A new tensor.</returns>
    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Operators.Where.Call(condition, x, y);

    /// <summary>Seeds the random numbers of all devices.</summary>
    /// <param name="seed">The seed.</param>
    /// <returns>The default generator.</returns>
    public static Generator manual_seed(long seed)
    {
        Native.Check(Native.tclr_manual_seed(seed));
        return Generator.Default;
    }

    /// <summary>Number of threads that an operator uses.</summary>
    /// <returns>The number.</returns>
    public static int get_num_threads() => Native.tclr_threads();

    /// <summary>Sets the number of threads that an operator uses, for this thread and those started after.</summary>
    /// <param name="num">The number, 1 or more.</param>
    public static void set_num_threads(int num) => Native.Check(Native.tclr_set_threads(num));

    internal static void InitializeDevice(Device? device)
    {
        if (device?.type == DeviceType.CUDA && !cuda.is_available())
        {
            throw new InvalidOperationException("Torch device type CUDA did not initialise on the current machine.");
        }
    }

    private static Device? Initialized(Device? device)
    {
        InitializeDevice(device);
        return device;
    }

    private static Tensor Create(Operator op, long[] size, ScalarType? dtype, Device? device, bool requiresGrad)
        => op.Call(size, dtype, Argument.None, Initialized(device)).requires_grad_(requiresGrad);

    private static Tensor Copy<T>(T[] elements, long[] shape, ScalarType? dtype, Device? device, bool requiresGrad)
        where T : unmanaged
    {
        long expected = shape.Aggregate(1L, (product, size) => product * size);
        if (expected != elements.Length)
        {
            throw new ArgumentException($"expected {expected} elements for the shape [{string.Join(", ", shape)}], got {elements.Length}");
        }

        var type = Tensor.TypeOf<T>();
        var local = empty(shape, type);
        MemoryMarshal.AsBytes(elements.AsSpan()).CopyTo(local.bytes);
        bool stays = (dtype is null || dtype == type) && device is null or { type: DeviceType.CPU };
        var made = stays ? local : local.to(dtype ?? type, device ?? CPU, disposeAfter: true);
        return made.requires_grad_(requiresGrad);
    }

    /// <summary>The generator of random numbers.</summary>
    public class Generator
    {
        internal static Generator Default { get; } = new();

        private Generator()
        {
        }
    }
}
