using System.IO.Compression;
using static TorchSharp.torch;

namespace Tclr.Weights;

/// <summary>The zip archive of <c>torch.save</c>: a pickle that describes the tensors, and a record with the data of each storage.</summary>
internal sealed class PyTorchFormat() : WeightFormat("PyTorch", ".pth", ".pt")
{
    private const string Folder = "archive/";

    internal override bool Recognizes(MappedFile file) => CheckpointReader.Recognizes(file);

    internal override WeightFile Read(MappedFile file, string? stateDict, IReadOnlyCollection<string> ignoredTypes) => CheckpointReader.Read(file, stateDict, ignoredTypes);

    internal override IReadOnlyList<WeightContainer> ReadAll(MappedFile file, IReadOnlyCollection<string> ignoredTypes) => CheckpointReader.Containers(file, ignoredTypes);

    /// <summary>Writes an ordered dictionary that <c>torch.load</c> reads, also with <c>weights_only=True</c>.</summary>
    internal override void Write(Stream stream, OrderedDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        RefuseMetadata(metadata);
        byte[] pickle = PickleWriter.StateDict(tensors.Select(entry => (entry.Key, ElementType.Of(entry.Key, entry.Value), entry.Value.shape)));
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add(archive, "data.pkl", record => record.Write(pickle));
        Add(archive, "byteorder", record => record.Write("little"u8));
        foreach (var (i, (_, tensor)) in tensors.Index())
        {
            Add(archive, FormattableString.Invariant($"data/{i}"), record => TensorBytes.Write(record, tensor));
        }

        Add(archive, "version", record => record.Write("3\n"u8));
    }

    private static void Add(ZipArchive archive, string name, Action<Stream> write)
    {
        using var record = archive.CreateEntry(Folder + name, CompressionLevel.NoCompression).Open();
        write(record);
    }
}
