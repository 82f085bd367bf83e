using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace Tclr.Weights;

/// <summary>A file of named tensors. Reads safetensors, PyTorch and TorchSharp files and TensorFlow checkpoints; writes the first three.</summary>
/// <remarks>
/// An open file is mapped into memory, and a tensor's elements are read on request. Other processes must not truncate the file meanwhile.
/// Threads may read at the same time; dispose the file when all have finished.
/// </remarks>
/// <example><code>
/// WeightFile.Write("encoder.safetensors", encoder.state_dict(), new Dictionary&lt;string, string&gt; { ["step"] = "160" });
///
/// using var file = WeightFile.Open("encoder.safetensors");
/// foreach (var tensor in file.Tensors)
/// {
///     log.WriteLine(tensor);                              // stem.0.weight: Float32 [64,3,3,7,7]
/// }
///
/// using var stem = file["stem.0.weight"].Read();
/// </code></example>
public sealed class WeightFile : IDisposable
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    private readonly IReadOnlyList<MappedFile> files;
    private readonly OrderedDictionary<string, StoredTensor> tensors = new(StringComparer.Ordinal);

    internal WeightFile(
        MappedFile file, WeightFormat format, IEnumerable<KeyValuePair<string, TensorLayout>> layouts, IReadOnlyDictionary<string, string>? metadata = null)
        : this([file], format, layouts.Select(entry => new StoredTensor(entry.Key, file, entry.Value)), metadata)
    {
    }

    internal WeightFile(
        IReadOnlyList<MappedFile> files, WeightFormat format, IEnumerable<StoredTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        this.files = files;
        Format = format;
        Metadata = metadata ?? NoMetadata;
        foreach (var tensor in tensors)
        {
            if (!this.tensors.TryAdd(tensor.Name, tensor))
            {
                throw tensor.Error(" occurs twice");
            }
        }
    }

    /// <summary>The file's path; of a TensorFlow checkpoint, that of its index.</summary>
    public string Path => files[0].Path;

    /// <summary>The file's format, recognized by its content.</summary>
    public WeightFormat Format { get; }

    /// <summary>The tensors, in file order.</summary>
    public IReadOnlyList<StoredTensor> Tensors => tensors.Values;

    /// <summary>Key-value pairs stored beside the tensors.</summary>
    /// <value>The metadata of a safetensors file; the numbers and strings beside a PyTorch checkpoint's weights, such as <c>epoch</c>; otherwise empty.</value>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>A tensor by name.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="KeyNotFoundException">The file has no tensor of that name.</exception>
    public StoredTensor this[string name]
        => TryGet(name, out var tensor) ? tensor : throw new KeyNotFoundException($"'{Path}' has no tensor '{name}'; it has {TensorNames.Some(tensors.Keys)}");

    /// <summary>Whether a path names a weight file: one that exists, or the prefix of a TensorFlow checkpoint, such as <c>ckpt-71488</c>.</summary>
    /// <param name="path">The path.</param>
    /// <returns>Whether there is such a file. Its content is not checked.</returns>
    public static bool Exists(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return File.Exists(path) || File.Exists(path + TensorFlowFormat.IndexExtension);
    }

    /// <summary>Opens a file of any format, which is recognized by its content.</summary>
    /// <param name="path">The file. For a TensorFlow checkpoint its index, any of its data files, or their common prefix, such as <c>ckpt-71488</c>.</param>
    /// <param name="stateDict">
    /// The key of the weights in a PyTorch checkpoint, as in <see cref="WeightLoadOptions.StateDict"/>; <see langword="null"/> for the usual keys.
    /// </param>
    /// <param name="ignoredTypes">
    /// Further Python types to skip in a PyTorch checkpoint, such as <c>mypackage.config.Config</c>. They are not executed either. <see langword="null"/> for none.
    /// </param>
    /// <returns>The open file; the caller disposes it.</returns>
    /// <exception cref="WeightFileException">The file cannot be read, is damaged, or holds something that is refused.</exception>
    public static WeightFile Open(string path, string? stateDict = null, IReadOnlyCollection<string>? ignoredTypes = null)
        => Open(path, (mapped, format) => format.Read(mapped, stateDict, ignoredTypes ?? []));

    /// <summary>Writes tensors to a file, atomically: to a temporary file, which is then renamed.</summary>
    /// <param name="path">
    /// The file; replaced if it exists. The extension chooses the format: <c>.safetensors</c>, <c>.pth</c> or <c>.pt</c> (a state_dict that
    /// <c>torch.load</c> reads, also with <c>weights_only=True</c>), <c>.dat</c> (TorchSharp's own).
    /// </param>
    /// <param name="tensors">The tensors by name, on any device and with any strides, such as a module's <c>state_dict()</c>; the caller keeps owning them.</param>
    /// <param name="metadata">Strings to store beside the tensors, in a safetensors file; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException">Another extension, a duplicate name, an element type that the format lacks, or metadata that it cannot store.</exception>
    /// <exception cref="WeightFileException">The file cannot be written; one that existed is unchanged.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var format = WeightFormat.OfPath(path);
        var named = TensorBytes.Named(tensors);
        try
        {
            AtomicFile.Write(path, stream => format.Write(stream, named, metadata ?? NoMetadata));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new WeightFileException(path, offset: null, $"the file cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Writes tensors to a stream.</summary>
    /// <param name="stream">The stream; it stays open.</param>
    /// <param name="format">The format.</param>
    /// <param name="tensors">The tensors by name; the caller keeps owning them.</param>
    /// <param name="metadata">Strings to store beside the tensors, in safetensors; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException">A format that is read only, a duplicate name, an element type that the format lacks, or metadata that it cannot store.</exception>
    /// <exception cref="IOException">The stream cannot be written to.</exception>
    public static void Write(Stream stream, WeightFormat format, IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(format);
        format.Write(stream, TensorBytes.Named(tensors), metadata ?? NoMetadata);
    }

    /// <summary>Gets a tensor by name, if the file has it.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tensor">The tensor.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(string name, [MaybeNullWhen(false)] out StoredTensor tensor) => tensors.TryGetValue(name, out tensor);

    /// <summary>Closes the file. Tensors that were read stay valid.</summary>
    public void Dispose()
    {
        foreach (var file in files)
        {
            file.Dispose();
        }
    }

    internal static T Open<T>(string path, Func<MappedFile, WeightFormat, T> read)
    {
        var mapped = MappedFile.Open(TensorFlowFormat.Locate(path));
        try
        {
            return read(mapped, WeightFormat.OfContent(mapped));
        }
        catch
        {
            mapped.Dispose();
            throw;
        }
    }
}
