using static TorchSharp.torch;

namespace Tclr.Weights;

/// <summary>A checkpoint of TensorFlow (TensorBundle): an index <c>x.index</c> and data files <c>x.data-00000-of-00001</c>.</summary>
internal sealed class TensorFlowFormat() : WeightFormat("TensorFlow", IndexExtension)
{
    public const string IndexExtension = ".index";

    private const string DataMark = ".data-";
    private const string DataOf = "-of-";
    private const string DataExample = ".data-00000-of-00001";

    internal override bool IsWritten => false;

    /// <summary>The path of a checkpoint's index, if a path names a checkpoint otherwise; any other path as it is.</summary>
    /// <param name="path">The index, a data file, or their common prefix.</param>
    /// <exception cref="WeightFileException">There are data files, and no index.</exception>
    public static string Locate(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        bool exists = File.Exists(path);
        string? prefix = PrefixOfData(path) ?? (exists ? null : PrefixOfIndex(path));
        if (prefix is null)
        {
            return path;
        }

        string index = prefix + IndexExtension;
        if (File.Exists(index))
        {
            return index;
        }

        return exists || HasData(prefix)
            ? throw new WeightFileException(path, offset: null, $"the index '{index}' of this TensorFlow checkpoint is missing: put it beside the data files")
            : path;
    }

    /// <summary>The path of a data file.</summary>
    public static string DataPath(string prefix, long shard, long shards) => FormattableString.Invariant($"{prefix}{DataMark}{shard:D5}{DataOf}{shards:D5}");

    /// <summary>The prefix of a checkpoint, from the path of its index.</summary>
    public static string PrefixOfIndex(string path) => path.EndsWith(IndexExtension, StringComparison.OrdinalIgnoreCase) ? path[..^IndexExtension.Length] : path;

    internal override bool Recognizes(MappedFile file) => SortedTable.Recognizes(file);

    internal override WeightFile Read(MappedFile file, string? stateDict, IReadOnlyCollection<string> ignoredTypes) => BundleReader.Read(file);

    internal override void Write(Stream stream, OrderedDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
        => throw new ArgumentException("TensorFlow checkpoints are read only: write another format, such as safetensors", nameof(stream));

    private static string? PrefixOfData(string path)
    {
        int at = path.LastIndexOf(DataMark, StringComparison.Ordinal);
        return at > 0 && path.Length - at == DataExample.Length && string.CompareOrdinal(path, at + DataMark.Length + 5, DataOf, 0, DataOf.Length) == 0 ? path[..at] : null;
    }

    private static bool HasData(string prefix)
    {
        string? folder = Path.GetDirectoryName(Path.GetFullPath(prefix));
        string start = Path.GetFileName(prefix) + DataMark;
        return start.Length > DataMark.Length && Directory.Exists(folder)
            && Directory.EnumerateFiles(folder, "*", new EnumerationOptions { IgnoreInaccessible = true }).Any(file => Path.GetFileName(file).StartsWith(start, StringComparison.Ordinal));
    }
}
