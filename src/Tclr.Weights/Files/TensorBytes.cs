using static TorchSharp.torch;

namespace Tclr.Weights;

/// <summary>Tensors as bytes on their way into a file.</summary>
internal static class TensorBytes
{
    /// <summary>Bytes that are copied at a time: a span has at most 2 GiB, and with less, ordinary tensors go the way of huge ones.</summary>
    public const int Chunk = 1 << 24;

    /// <summary>The tensors by name, in their order; each of a type that files have.</summary>
    public static OrderedDictionary<string, Tensor> Named(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var named = new OrderedDictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors)
        {
            if (name is null || tensor is null)
            {
                throw new ArgumentException($"expected a name and a tensor, got null for '{name}'", nameof(tensors));
            }

            ElementType.Of(name, tensor);
            if (!named.TryAdd(name, tensor))
            {
                throw new ArgumentException($"'{name}' occurs twice", nameof(tensors));
            }
        }

        return named;
    }

    /// <summary>Writes the elements in the order of their indices.</summary>
    public static void Write(Stream stream, Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var flat = tensor.detach().cpu().contiguous().view(-1);
        long elements = flat.numel();
        long most = Chunk / flat.ElementSize;
        for (long first = 0; first < elements; first += most)
        {
            using var chunk = flat.narrow(0, first, Math.Min(most, elements - first));
            stream.Write(chunk.bytes);
        }
    }
}
