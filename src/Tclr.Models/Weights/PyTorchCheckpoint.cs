using System.IO.Compression;
using Tclr.Core;
using Tclr.Core.Weights;
using Tclr.Models.Weights;
using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>Files of PyTorch: what <c>torch.save</c> writes, read without executing anything, and a state_dict that <c>torch.load</c> reads.</summary>
/// <remarks>
/// <para>
/// A <c>.pth</c> file is a zip archive with a pickle, a program that Python runs and that may call anything. Here it is read as
/// data, by an interpreter that knows dictionaries, lists, tuples, numbers, texts, tensors and parameters, and has nothing to
/// call. Any other name, as <c>os.system</c>, is refused with its name wherever it stands. What training scripts keep beside
/// the weights is passed over without being made: <c>GradScaler</c>, numpy's scalars and arrays, sets, <c>defaultdict</c>,
/// <c>argparse.Namespace</c>. It is refused if it stands where the weights are asked for.
/// </para>
/// <para>
/// Tensors may share storages and have any strides; data is read in place. Of an archive it is checked that records are
/// uncompressed, without overlap, and as long as the pickle says. Files from before PyTorch 1.6 are refused with a message
/// that says how to convert them.
/// </para>
/// </remarks>
/// <example><code>
/// using var checkpoint = PyTorchCheckpoint.Read("model_best.pth");
/// string epoch = checkpoint.Metadata["epoch"];
/// ModelWeights.Load(encoder, checkpoint, new() { Mapping = WeightMapping.TclrEncoder });
///
/// PyTorchCheckpoint.Write("encoder.pth", encoder.state_dict());      // torch.load("encoder.pth")
/// </code></example>
public static class PyTorchCheckpoint
{
    private const string Folder = "archive/";

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="stateDict">Where in it the weights are, as <see cref="WeightLoadOptions.StateDict"/> says.</param>
    /// <param name="ignoredTypes">
    /// Further names of Python code to pass over, module and class with dots, as <c>mypackage.config.Config</c>. They are not
    /// executed either. None if <see langword="null"/>.
    /// </param>
    /// <returns>The open file; the caller disposes it.</returns>
    /// <exception cref="WeightFileException">The file cannot be read, is damaged, or holds what is refused.</exception>
    public static WeightFile Read(string path, string? stateDict = null, IReadOnlyCollection<string>? ignoredTypes = null)
        => WeightFile.Open(path, file => CheckpointReader.Read(file, stateDict, ignoredTypes ?? []));

    /// <summary>Writes tensors as an ordered dictionary that <c>torch.load</c> reads, also with <c>weights_only=True</c>.</summary>
    /// <remarks>The file is written beside its place and renamed: it is there whole or not at all.</remarks>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="tensors">The tensors by name, of any device and layout, as a module's <c>state_dict()</c>; the caller keeps owning them.</param>
    /// <exception cref="ArgumentException">A name is there twice, or a type has no counterpart in the format.</exception>
    /// <exception cref="WeightFileException">The file cannot be written; one that was there before is untouched.</exception>
    public static void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var named = TensorBytes.Named(tensors);
        byte[] pickle = PickleWriter.StateDict(named.Select(entry => (entry.Key, ElementType.Of(entry.Key, entry.Value), entry.Value.shape)));
        AtomicFile.Write(path, stream =>
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
            Add(archive, "data.pkl", record => record.Write(pickle));
            Add(archive, "byteorder", record => record.Write("little"u8));
            foreach (var (i, (_, tensor)) in named.Index())
            {
                Add(archive, FormattableString.Invariant($"data/{i}"), record => TensorBytes.Write(record, tensor));
            }

            Add(archive, "version", record => record.Write("3\n"u8));
        });
    }

    private static void Add(ZipArchive archive, string name, Action<Stream> write)
    {
        using var record = archive.CreateEntry(Folder + name, CompressionLevel.NoCompression).Open();
        write(record);
    }
}
