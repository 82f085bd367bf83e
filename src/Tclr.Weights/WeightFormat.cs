using static TorchSharp.torch;

namespace Tclr.Weights;

/// <summary>A format of weight files.</summary>
public abstract class WeightFormat
{
    private protected WeightFormat(string name, params string[] extensions)
    {
        Name = name;
        Extensions = extensions;
    }

    /// <summary>safetensors: a JSON header and raw data. Recommended: nothing in it can be executed.</summary>
    /// <remarks>Source: the format's description, huggingface/safetensors.</remarks>
    public static WeightFormat SafeTensors { get; } = new SafeTensorsFormat();

    /// <summary>The zip archive that <c>torch.save</c> writes since PyTorch 1.6. Its pickle is read as data, and never executed.</summary>
    /// <remarks>
    /// <para>
    /// The reader knows dictionaries, lists, tuples, numbers, strings, tensors and parameters. Other objects that training scripts store
    /// (<c>GradScaler</c>, numpy scalars and arrays, sets, <c>defaultdict</c>, <c>argparse.Namespace</c>) is skipped. Any other Python name,
    /// such as <c>os.system</c>, is an error.
    /// </para>
    /// <para>Files written before PyTorch 1.6 are refused with instructions to convert them.</para>
    /// </remarks>
    public static WeightFormat PyTorch { get; } = new PyTorchFormat();

    /// <summary>The format of <c>Module.save</c> of TorchSharp.</summary>
    public static WeightFormat TorchSharp { get; } = new TorchSharpFormat();

    /// <summary>A checkpoint of TensorFlow 2, or of <c>tf.train.Saver</c>: an index <c>x.index</c> and data files <c>x.data-00000-of-00001</c>. Read only.</summary>
    /// <remarks>
    /// The checksums of the index are checked when a file is opened, those of the tensors when they are read. Tensors without numbers, such as
    /// the object graph, are skipped. A partitioned tensor is an error. Source: <c>tensor_bundle.proto</c> of tensorflow/tensorflow.
    /// </remarks>
    public static WeightFormat TensorFlow { get; } = new TensorFlowFormat();

    /// <summary>The format's name.</summary>
    public string Name { get; }

    /// <summary>File extensions with their dot, the usual one first.</summary>
    public IReadOnlyList<string> Extensions { get; }

    // A new format is added here. TorchSharp's comes last: it has no signature, and is assumed if no other format fits.
    private static WeightFormat[] All => [TensorFlow, SafeTensors, PyTorch, TorchSharp];

    /// <summary>Whether files of this format are written, and not only read.</summary>
    internal virtual bool IsWritten => true;

    /// <summary>Returns the name.</summary>
    /// <returns>Such as <c>safetensors</c>.</returns>
    public override string ToString() => Name;

    /// <summary>The format to write a file in, by its extension.</summary>
    /// <exception cref="ArgumentException">No format that is written has that extension.</exception>
    internal static WeightFormat OfPath(string path)
    {
        var written = All.Where(format => format.IsWritten);
        return written.FirstOrDefault(format => format.HasExtensionOf(path))
            ?? throw new ArgumentException($"expected a file name that ends in {string.Join(", ", written.SelectMany(format => format.Extensions))}, got '{path}'", nameof(path));
    }

    /// <summary>The format of a file's content; that of its extension if the content is too damaged to tell.</summary>
    internal static WeightFormat OfContent(MappedFile file)
        => All.FirstOrDefault(format => format.Recognizes(file)) ?? All.FirstOrDefault(format => format.HasExtensionOf(file.Path)) ?? All[^1];

    /// <summary>Whether a file starts like one of this format.</summary>
    internal abstract bool Recognizes(MappedFile file);

    /// <summary>Reads the names, types and places of a file's tensors.</summary>
    /// <param name="file">The file; the result owns it.</param>
    /// <param name="stateDict">Where the weights are, in a format that nests dictionaries.</param>
    /// <param name="ignoredTypes">Further Python types to skip, in a format that has any.</param>
    internal abstract WeightFile Read(MappedFile file, string? stateDict, IReadOnlyCollection<string> ignoredTypes);

    /// <summary>Reads all dictionaries of tensors in a file; most formats have one only.</summary>
    internal virtual IReadOnlyList<WeightContainer> ReadAll(MappedFile file, IReadOnlyCollection<string> ignoredTypes)
        => [new(Key: null, Read(file, stateDict: null, ignoredTypes))];

    /// <summary>Writes tensors.</summary>
    /// <exception cref="ArgumentException">The format is read only, or cannot hold a name or the metadata.</exception>
    internal abstract void Write(Stream stream, OrderedDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata);

    private protected void RefuseMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Count > 0)
        {
            throw new ArgumentException($"the format {Name} has no place for metadata: write a {SafeTensors.Extensions[0]} file, or pass none", nameof(metadata));
        }
    }

    private bool HasExtensionOf(string path) => Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
