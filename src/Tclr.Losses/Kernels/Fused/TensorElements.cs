using static TorchSharp.torch;

namespace Tclr.Losses.Kernels.Fused;

/// <summary>The memory of a contiguous tensor on the CPU, for use on any thread while the tensor is alive.</summary>
internal readonly unsafe struct TensorElements<T>
    where T : unmanaged
{
    private readonly T* first;

    public TensorElements(Tensor tensor)
    {
        // Memory of torch stays where it is.
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
