using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>The memory of a contiguous tensor on the CPU, for use on any thread while the tensor is alive.</summary>
internal readonly unsafe struct TensorElements<T>
    where T : unmanaged
{
    private readonly T* first;

    public TensorElements(Tensor tensor)
    {
        // libtorch does not move its memory.
        fixed (byte* start = tensor.bytes)
        {
            first = (T*)start;
        }

        Count = tensor.numel();
    }

    /// <summary>Number of elements.</summary>
    public long Count { get; }

    /// <summary>A part of the elements.</summary>
    public Span<T> Slice(long start, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count - length);
        return new Span<T>(first + start, length);
    }
}

/// <summary>Conversion between single and double precision; the general one of .NET costs more than the arithmetic around it.</summary>
internal static class Number
{
    public static double Widen<T>(T value)
        where T : unmanaged
        => typeof(T) == typeof(float) ? Unsafe.BitCast<T, float>(value) : Unsafe.BitCast<T, double>(value);

    public static T Narrow<T>(double value)
        where T : unmanaged
        => typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)value) : Unsafe.BitCast<double, T>(value);
}
