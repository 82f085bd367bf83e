using Tclr.Core.Weights;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>The safetensors format: tensors by name, and nothing that could be executed.</summary>
/// <remarks>
/// <para>
/// A file is the length of its header (8 bytes), the header (JSON: type, shape and place of each tensor) and the raw
/// little-endian data. Reading maps the file into memory and copies straight from there. The header must be sound before
/// anything is allocated: 100 MB at most, no name twice, the places without overlap or hole, just as long as the shapes say.
/// </para>
/// <para>Types: F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL. Source: the format's description, huggingface/safetensors.</para>
/// </remarks>
/// <example><code>
/// SafeTensors.Write("encoder.safetensors", encoder.state_dict(), new Dictionary&lt;string, string&gt; { ["step"] = "160" });
/// using var file = SafeTensors.Read("encoder.safetensors");
/// using var stem = file["stem.0.weight"].Read();
/// </code></example>
public static class SafeTensors
{
    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file; the caller disposes it.</returns>
    /// <exception cref="WeightFileException">The file cannot be read or is damaged.</exception>
    public static WeightFile Read(string path) => WeightFile.Open(path, SafeTensorsHeader.Read);

    /// <summary>Writes tensors. The file is written beside its place and renamed: it is there whole or not at all.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="tensors">The tensors by name, of any device and layout, as a module's <c>state_dict()</c>; the caller keeps owning them.</param>
    /// <param name="metadata">Texts to keep beside them; none if <see langword="null"/>.</param>
    /// <exception cref="ArgumentException">A name is there twice, or a type has no counterpart in the format.</exception>
    /// <exception cref="WeightFileException">The file cannot be written; one that was there before is untouched.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var content = Content.Of(tensors, metadata);
        AtomicFile.Write(path, content.WriteTo);
    }

    /// <summary>Writes tensors to a stream.</summary>
    internal static void Write(Stream stream, IEnumerable<KeyValuePair<string, Tensor>> tensors) => Content.Of(tensors, metadata: null).WriteTo(stream);

    // All that can be wrong is found before the first byte is written.
    private readonly record struct Content(byte[] Header, IReadOnlyList<Tensor> InOrder)
    {
        public static Content Of(IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata)
        {
            var named = TensorBytes.Named(tensors);
            if (named.ContainsKey(SafeTensorsHeader.MetadataKey))
            {
                throw new ArgumentException($"a tensor cannot be named '{SafeTensorsHeader.MetadataKey}' in this format", nameof(tensors));
            }

            // The widest elements first: then each tensor starts at a multiple of its element's size.
            var inOrder = named.OrderByDescending(entry => ElementType.Of(entry.Key, entry.Value).Size).Select(entry => entry.Key).ToList();
            return new Content(SafeTensorsHeaderWriter.Make(named, inOrder, metadata), inOrder.ConvertAll(name => named[name]));
        }

        public void WriteTo(Stream stream)
        {
            stream.Write(Header);
            foreach (var tensor in InOrder)
            {
                TensorBytes.Write(stream, tensor);
            }
        }
    }
}
