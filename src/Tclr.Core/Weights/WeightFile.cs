using System.Diagnostics.CodeAnalysis;
using Tclr.Core.Weights;

namespace Tclr.Core;

/// <summary>An open file of weights: what tensors it has, by name. Their elements stay in the file until they are read.</summary>
/// <remarks>
/// The file is mapped into memory and must not be shortened by others while it is open. One thread at a time disposes it;
/// any number may read.
/// </remarks>
/// <example><code>
/// using var file = SafeTensors.Read("encoder.safetensors");
/// foreach (var tensor in file.Tensors)
/// {
///     log.WriteLine(tensor);                              // stem.0.weight: Float32 [64,3,3,7,7]
/// }
///
/// using var stem = file["stem.0.weight"].Read();
/// </code></example>
public sealed class WeightFile : IDisposable
{
    private readonly MappedFile file;
    private readonly OrderedDictionary<string, StoredTensor> tensors = new(StringComparer.Ordinal);

    internal WeightFile(
        MappedFile file, WeightFormat format, IEnumerable<KeyValuePair<string, TensorLayout>> layouts, IReadOnlyDictionary<string, string>? metadata = null)
    {
        this.file = file;
        Format = format;
        Metadata = metadata ?? new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, layout) in layouts)
        {
            if (!tensors.TryAdd(name, new StoredTensor(name, file, layout)))
            {
                throw file.Error(layout.Offset, $"'{name}' is there twice");
            }
        }
    }

    /// <summary>The file's path.</summary>
    public string Path => file.Path;

    /// <summary>The file's format.</summary>
    public WeightFormat Format { get; }

    /// <summary>The tensors, in the order of the file.</summary>
    public IReadOnlyList<StoredTensor> Tensors => tensors.Values;

    /// <summary>What else the file says.</summary>
    /// <value>The metadata of safetensors; numbers and texts beside a PyTorch checkpoint's weights, as <c>epoch</c>; else nothing.</value>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>A tensor by name.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public StoredTensor this[string name]
        => TryGet(name, out var tensor) ? tensor : throw new KeyNotFoundException($"'{Path}' has no tensor '{name}'; it has {Names.Some(tensors.Keys)}");

    /// <summary>Looks for a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tensor">The tensor.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(string name, [MaybeNullWhen(false)] out StoredTensor tensor) => tensors.TryGetValue(name, out tensor);

    /// <summary>Closes the file. Tensors that were read stay.</summary>
    public void Dispose() => file.Dispose();

    internal static WeightFile Open(string path, Func<MappedFile, WeightFile> read)
    {
        var mapped = MappedFile.Open(path);
        try
        {
            return read(mapped);
        }
        catch
        {
            mapped.Dispose();
            throw;
        }
    }
}
