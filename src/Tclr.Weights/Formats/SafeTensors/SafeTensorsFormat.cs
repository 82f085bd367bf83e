using static TorchSharp.torch;

namespace Tclr.Weights;

/// <summary>safetensors: the header's length in 8 bytes, the header (JSON with type, shape and place of each tensor), the raw little-endian data.</summary>
internal sealed class SafeTensorsFormat() : WeightFormat("safetensors", ".safetensors")
{
    internal override bool Recognizes(MappedFile file) => SafeTensorsHeader.Recognizes(file);

    internal override WeightFile Read(MappedFile file, string? stateDict, IReadOnlyCollection<string> ignoredTypes) => SafeTensorsHeader.Read(file);

    internal override void Write(Stream stream, OrderedDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        if (tensors.ContainsKey(SafeTensorsHeader.MetadataKey))
        {
            throw new ArgumentException($"a tensor cannot be named '{SafeTensorsHeader.MetadataKey}' in this format", nameof(tensors));
        }

        // The widest elements first: then each tensor starts at a multiple of its element's size.
        string[] order = [.. tensors.OrderByDescending(entry => ElementType.Of(entry.Key, entry.Value).Size).Select(entry => entry.Key)];
        stream.Write(SafeTensorsHeaderWriter.Make(tensors, order, metadata));
        foreach (string name in order)
        {
            TensorBytes.Write(stream, tensors[name]);
        }
    }
}
