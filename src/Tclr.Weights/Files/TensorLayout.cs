using System.Numerics;
using System.Runtime.InteropServices;

namespace Tclr.Weights;

/// <summary>Where the elements of a stored tensor lie.</summary>
/// <param name="Type">Type of the elements.</param>
/// <param name="Shape">Size of each dimension.</param>
/// <param name="Strides">Steps between neighbors, in elements; <see langword="null"/> where the elements lie in the order of their indices.</param>
/// <param name="Offset">The first element's byte in the file.</param>
/// <param name="Elements">Number of elements.</param>
internal sealed record TensorLayout(ElementType Type, long[] Shape, long[]? Strides, long Offset, long Elements)
{
    /// <summary>The most dimensions that libtorch's operators take.</summary>
    public const int MaximumDimensions = 64;

    public long Bytes => Elements * Type.Size;

    /// <summary>CRC-32C of the bytes, in a format that has one.</summary>
    public uint? Checksum { get; init; }

    /// <summary>Number of elements of a shape; <see langword="null"/> if a size is negative or the bytes do not fit in 63 bits.</summary>
    public static long? Count(ReadOnlySpan<long> shape, int elementSize)
    {
        Int128 count = 1;
        bool empty = false;
        foreach (long size in shape)
        {
            if (size < 0)
            {
                return null;
            }

            empty |= size == 0;
            count *= Math.Max(size, 1);
            if (count * elementSize > long.MaxValue)
            {
                return null;
            }
        }

        return empty ? 0 : (long)count;
    }

    /// <summary>Whether strides are those of elements in the order of their indices; there is one element or more.</summary>
    public static bool IsContiguous(ReadOnlySpan<long> shape, ReadOnlySpan<long> strides)
    {
        long expected = 1;
        for (int i = shape.Length - 1; i >= 0; i--)
        {
            if (shape[i] != 1 && strides[i] != expected)
            {
                return false;
            }

            expected *= shape[i];
        }

        return true;
    }

    /// <summary>The same elements as the kernel of a PyTorch layer: Keras's <c>[..., in, out]</c> as <c>[out, in, ...]</c>. A vector stays as it is.</summary>
    /// <remarks>Only for elements that lie in the order of their indices.</remarks>
    public TensorLayout AsKernel()
    {
        int rank = Shape.Length;
        if (rank < 2)
        {
            return this;
        }

        int[] order = [rank - 1, rank - 2, .. Enumerable.Range(0, rank - 2)];
        long[] steps = new long[rank];
        long step = 1;
        for (int i = rank - 1; i >= 0; i--)
        {
            steps[i] = step;
            step *= Shape[i];
        }

        long[] shape = [.. order.Select(i => Shape[i])], strides = [.. order.Select(i => steps[i])];
        return this with { Shape = shape, Strides = Elements == 0 || IsContiguous(shape, strides) ? null : strides };
    }

    /// <summary>Copies the elements in the order of their indices.</summary>
    /// <param name="file">Where they are.</param>
    /// <param name="first">The first of them to copy.</param>
    /// <param name="target">Where to; it says how many.</param>
    public void CopyTo(MappedFile file, long first, Span<byte> target)
    {
        if (Strides is null)
        {
            file.Span(Offset + (first * Type.Size), target.Length).CopyTo(target);
            return;
        }

        switch (Type.Size)
        {
            case 1:
                Gather<byte>(file, first, target);
                break;
            case 2:
                Gather<ushort>(file, first, target);
                break;
            case 4:
                Gather<uint>(file, first, target);
                break;
            default:
                Gather<ulong>(file, first, target);
                break;
        }
    }

    private void Gather<T>(MappedFile file, long first, Span<byte> target)
        where T : unmanaged, IBinaryInteger<T>
    {
        var elements = MemoryMarshal.Cast<byte, T>(target);
        Span<long> index = stackalloc long[Shape.Length];
        long at = 0;
        for (int d = Shape.Length - 1; d >= 0; d--)
        {
            (first, index[d]) = Math.DivRem(first, Shape[d]);
            at += index[d] * Strides![d];
        }

        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = MemoryMarshal.Read<T>(file.Span(Offset + (at * Type.Size), Type.Size));
            for (int d = Shape.Length - 1; d >= 0; d--)
            {
                at += Strides![d];
                if (++index[d] < Shape[d])
                {
                    break;
                }

                at -= Shape[d] * Strides[d];
                index[d] = 0;
            }
        }
    }
}
