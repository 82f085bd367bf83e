using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Weights;

/// <summary>A tensor in an open weight file. Its elements are read on request.</summary>
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

    /// <summary>The name in the file.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public ScalarType Type => layout.Type.Scalar;

    /// <summary>The size of each dimension.</summary>
    public IReadOnlyList<long> Shape => layout.Shape;

    internal bool IsFloatingPoint => layout.Type.IsFloatingPoint;

    /// <summary>Whether another tensor of the same file has the same elements at the same place.</summary>
    internal bool IsSameAs(StoredTensor other)
        => file == other.file && layout.Offset == other.layout.Offset && Type == other.Type && Shape.SequenceEqual(other.Shape)
            && (layout.Strides ?? []).AsSpan().SequenceEqual(other.layout.Strides ?? []);

    /// <summary>Reads the tensor.</summary>
    /// <returns>A new tensor on the CPU; the caller owns it.</returns>
    /// <exception cref="WeightFileException">The data is damaged: it does not have its checksum (TensorFlow checkpoints), or a Boolean value is neither 0 nor 1.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public Tensor Read()
    {
        Check();
        using var scope = NewDisposeScope();
        var tensor = empty(layout.Shape, Type, CPU);
        CopyElements(tensor);
        return tensor.MoveToOuterDisposeScope();
    }

    /// <summary>Copies the elements into an existing tensor.</summary>
    /// <param name="target">A tensor of the same shape, on any device and with any strides. Elements are converted to its type.</param>
    /// <exception cref="ArgumentException">The target has another shape.</exception>
    /// <exception cref="WeightFileException">The data is damaged: it does not have its checksum (TensorFlow checkpoints), or a Boolean value is neither 0 nor 1.</exception>
    /// <exception cref="ObjectDisposedException">The file was disposed.</exception>
    public void CopyTo(Tensor target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!Shape.SequenceEqual(target.shape))
        {
            throw new ArgumentException($"'{Name}': expected a target of shape [{string.Join(',', Shape)}], got [{string.Join(',', target.shape)}]", nameof(target));
        }

        Check();
        CopyElementsTo(target);
    }

    /// <summary>Returns name, element type and shape.</summary>
    /// <returns>Such as <c>stem.0.weight: Float32 [64,3,3,7,7]</c>.</returns>
    public override string ToString() => $"{Name}: {TensorNames.Describe(Type, Shape)}";

    /// <summary>The same elements as the kernel of a PyTorch layer, from that of a Keras layer.</summary>
    internal StoredTensor AsKernel() => new(Name, file, layout.AsKernel());

    /// <summary>An error in the data of this tensor.</summary>
    internal WeightFileException Error(string reason) => file.Error(layout.Offset, $"'{Name}'{reason}");

    /// <summary>Checks what the header does not show, so that nothing can go wrong when the elements are copied.</summary>
    internal void Check()
    {
        file.ThrowIfDisposed();
        if (layout.Checksum is { } expected)
        {
            uint checksum = 0;
            for (long done = 0; done < layout.Bytes; done += TensorBytes.Chunk)
            {
                checksum = Crc32C.Of(file.Span(layout.Offset + done, Math.Min(TensorBytes.Chunk, layout.Bytes - done)), checksum);
            }

            if (checksum != expected)
            {
                throw Error(FormattableString.Invariant($": the data is damaged: expected CRC-32C {expected:x8}, got {checksum:x8}"));
            }
        }

        if (Type == ScalarType.Bool)
        {
            Span<byte> value = stackalloc byte[1];
            for (long i = 0; i < layout.Elements; i++)
            {
                layout.CopyTo(file, i, value);
                if (value[0] > 1)
                {
                    throw Error(FormattableString.Invariant($": expected Boolean values of 0 or 1, got {value[0]}"));
                }
            }
        }
    }

    /// <summary>Copies elements that were checked.</summary>
    internal void CopyElementsTo(Tensor target)
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
