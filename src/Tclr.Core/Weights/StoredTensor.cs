using Tclr.Core.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>A tensor in a file of weights; its elements are read when they are asked for.</summary>
public sealed class StoredTensor
{
    private readonly MappedFile file;
    private readonly TensorLayout layout;

    internal StoredTensor(string name, MappedFile file, TensorLayout layout)
    {
        Name = name;
        this.file = file;
        this.layout = layout;
    }

    /// <summary>Its name in the file.</summary>
    public string Name { get; }

    /// <summary>Type of its elements.</summary>
    public ScalarType Type => layout.Type.Scalar;

    /// <summary>Size of each dimension.</summary>
    public IReadOnlyList<long> Shape => layout.Shape;

    internal bool IsFloatingPoint => layout.Type.IsFloatingPoint;

    /// <summary>Whether another tensor of the same file has the same elements at the same place.</summary>
    internal bool IsSameAs(StoredTensor other)
        => layout.Offset == other.layout.Offset && Type == other.Type && Shape.SequenceEqual(other.Shape)
            && (layout.Strides ?? []).AsSpan().SequenceEqual(other.layout.Strides ?? []);

    /// <summary>Reads the tensor.</summary>
    /// <returns>A new tensor on the processor; the caller owns it.</returns>
    /// <exception cref="WeightFileException">A truth value is neither 0 nor 1.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public Tensor Read()
    {
        Check();
        using var scope = NewDisposeScope();
        var tensor = empty(layout.Shape, Type, CPU);
        CopyElements(tensor);
        return tensor.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {Names.Describe(Type, Shape)}";

    /// <summary>Checks what a look at the header does not show, so that nothing can go wrong when the elements are copied.</summary>
    internal void Check()
    {
        file.ThrowIfDisposed();
        if (Type == ScalarType.Bool)
        {
            Span<byte> value = stackalloc byte[1];
            for (long i = 0; i < layout.Elements; i++)
            {
                layout.CopyTo(file, i, value);
                if (value[0] > 1)
                {
                    throw file.Error(layout.Offset, $"'{Name}': expected truth values of 0 or 1, got {value[0]}");
                }
            }
        }
    }

    /// <summary>Copies the elements to a tensor of the same shape, of any device and layout.</summary>
    internal void CopyTo(Tensor target)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        if (target.dtype == Type && target.device_type == DeviceType.CPU && target.is_contiguous())
        {
            CopyElements(target);
        }
        else
        {
            target.copy_(Read());
        }
    }

    // Straight from the mapped file to the tensor's memory.
    private void CopyElements(Tensor target)
    {
        using var unrecorded = no_grad();
        int most = TensorBytes.Chunk / layout.Type.Size;
        var flat = target.view(-1);
        for (long first = 0; first < layout.Elements; first += most)
        {
            using var chunk = flat.narrow(0, first, Math.Min(most, layout.Elements - first));
            layout.CopyTo(file, first, chunk.bytes);
        }
    }
}
