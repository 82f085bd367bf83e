using System.Text;
using System.Text.Json;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Checkpoints of a run in a folder: one sub-folder each, complete or not there at all.</summary>
/// <remarks>
/// A checkpoint is <c>step-00000160/</c> with <c>encoder.dat</c>, <c>head.dat</c> and <c>optimizer.dat</c> in TorchSharp's
/// formats and <c>state.json</c>. It is written beside and renamed, so a crash or a full disk leaves the ones before.
/// </remarks>
public sealed class CheckpointStore
{
    private const string Prefix = "step-";
    private const string Unfinished = ".unfinished-";
    private const string Earlier = "earlier-";
    private const string StateFile = "state.json";
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    /// <summary>Opens a folder of checkpoints.</summary>
    /// <param name="folder">The folder; made at the first save.</param>
    /// <param name="keep">How many of the newest checkpoints to keep, 1 or more.</param>
    public CheckpointStore(string folder, int keep = 2)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        Folder = Path.GetFullPath(folder);
        Keep = keep;
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>How many of the newest checkpoints are kept.</summary>
    public int Keep { get; }

    /// <summary>The newest checkpoint.</summary>
    public string? Newest => Complete().LastOrDefault();

    /// <summary>Saves a checkpoint.</summary>
    /// <param name="state">Where the run stands.</param>
    /// <param name="encoder">The encoder.</param>
    /// <param name="head">The projection head.</param>
    /// <param name="optimizer">The optimiser.</param>
    /// <returns>The checkpoint's folder.</returns>
    /// <exception cref="CheckpointException">It cannot be written; those before are untouched.</exception>
    public string Save(CheckpointState state, nn.Module encoder, nn.Module head, OptimizerHelper optimizer)
    {
        ArgumentNullException.ThrowIfNull(state);
        string name = FormattableString.Invariant($"{Prefix}{state.Step:D8}");
        string final = Path.Combine(Folder, name);
        string work = Path.Combine(Folder, Unfinished + name);
        try
        {
            Directory.CreateDirectory(Folder);
            DeleteIfThere(work);
            Directory.CreateDirectory(work);
            Write(work, "encoder.dat", writer => encoder.save(writer));
            Write(work, "head.dat", writer => head.save(writer));
            Write(work, "optimizer.dat", optimizer.save_state_dict);
            Write(work, StateFile, writer => writer.Write(JsonSerializer.SerializeToUtf8Bytes(state, Json)));
            DeleteIfThere(final);
            Directory.Move(work, final);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TryDelete(work);
            string before = Newest is { } newest ? $"the newest is '{newest}'" : "there was none before";
            throw new CheckpointException($"The checkpoint '{final}' could not be written ({e.Message}); {before}. Free space or choose another folder.", e);
        }

        foreach (string old in Complete().SkipLast(Keep).ToArray())
        {
            TryDelete(old);
        }

        return final;
    }

    /// <summary>Reads the weights of a checkpoint.</summary>
    /// <param name="checkpoint">The checkpoint's folder.</param>
    /// <param name="encoder">The encoder, of the same architecture.</param>
    /// <param name="head">The projection head, or <see langword="null"/> to leave it out.</param>
    /// <param name="optimizer">The optimiser, or <see langword="null"/> to leave it out.</param>
    /// <returns>Where the run stood.</returns>
    /// <exception cref="CheckpointException">It cannot be read or does not fit.</exception>
    public static CheckpointState Load(string checkpoint, nn.Module encoder, nn.Module? head = null, OptimizerHelper? optimizer = null)
    {
        try
        {
            var state = JsonSerializer.Deserialize<CheckpointState>(File.ReadAllBytes(Path.Combine(checkpoint, StateFile)), Json)
                ?? throw new InvalidDataException($"{StateFile} is empty");
            Read(checkpoint, "encoder.dat", reader => encoder.load(reader));
            if (head is not null)
            {
                Read(checkpoint, "head.dat", reader => head.load(reader));
            }

            if (optimizer is not null)
            {
                Read(checkpoint, "optimizer.dat", optimizer.load_state_dict);
            }

            return state;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidDataException or ArgumentException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException($"The checkpoint '{checkpoint}' cannot be used: {e.Message}", e);
        }
    }

    /// <summary>Moves the checkpoints of an earlier run into a sub-folder <c>earlier-N</c>, so that a new run neither mixes with them nor loses them.</summary>
    /// <returns>The sub-folder, or <see langword="null"/> if there were none.</returns>
    /// <exception cref="CheckpointException">They cannot be moved; each is still whole, here or there.</exception>
    public string? SetAside()
    {
        string[] old = [.. Complete()];
        if (old.Length == 0)
        {
            return null;
        }

        string aside = Enumerable.Range(1, int.MaxValue).Select(n => Path.Combine(Folder, FormattableString.Invariant($"{Earlier}{n}"))).First(path => !Path.Exists(path));
        try
        {
            Directory.CreateDirectory(aside);
            foreach (string checkpoint in old)
            {
                Directory.Move(checkpoint, Path.Combine(aside, Path.GetFileName(checkpoint)));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException($"'{Folder}' has checkpoints of an earlier run that could not be moved to '{aside}' ({e.Message}): resume, or choose another folder.", e);
        }

        return aside;
    }

    private static void Write(string folder, string name, Action<BinaryWriter> write)
    {
        using var file = new FileStream(Path.Combine(folder, name), FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        using (var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true))
        {
            write(writer);
        }

        file.Flush(flushToDisk: true);
    }

    private static void Read(string folder, string name, Action<BinaryReader> read)
    {
        using var reader = new BinaryReader(new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20));
        read(reader);
    }

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // What cannot be deleted costs space, not the run.
    private static void TryDelete(string folder)
    {
        try
        {
            DeleteIfThere(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private IEnumerable<string> Complete()
        => Directory.Exists(Folder)
            ? Directory.EnumerateDirectories(Folder, Prefix + "*").Where(d => File.Exists(Path.Combine(d, StateFile))).Order(StringComparer.Ordinal)
            : [];
}
