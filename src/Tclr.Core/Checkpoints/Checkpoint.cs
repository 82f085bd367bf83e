using System.Text.Json;
using Tclr.Weights;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>A checkpoint of a training run: a folder with weights, optimizer and state.</summary>
/// <remarks>
/// <c>encoder.safetensors</c>, <c>head.safetensors</c>, <c>optimizer.safetensors</c> and, for a loss with state, <c>loss.safetensors</c> hold
/// the tensors, <c>state.json</c> the rest, and <c>manifest.json</c> the length and SHA-256 of each file. A further head has a file
/// <c>head.NAME.safetensors</c>, and the files of a momentum encoder and its heads start with <c>momentum_</c>.
/// </remarks>
/// <example><code>
/// var checkpoint = Checkpoint.Open("run/checkpoints/step-00000160");
/// checkpoint.LoadEncoder(encoder);
/// </code></example>
public sealed class Checkpoint
{
    internal const string StateFile = "state.json";
    internal const string FolderOfRun = "checkpoints";
    internal const string EncoderFile = "encoder.safetensors";
    internal const string MomentumEncoderFile = "momentum_encoder.safetensors";
    internal const string OptimizerFile = "optimizer.safetensors";
    internal const string LossFile = "loss.safetensors";

    private Checkpoint(string folder, CheckpointState state)
    {
        Folder = folder;
        State = state;
    }

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>Number of optimization steps done.</summary>
    public long Step => State.Step;

    /// <summary>Mean loss of each complete epoch.</summary>
    public IReadOnlyList<double> EpochLosses => State.EpochLosses;

    /// <summary>Settings of the run, by name. A run is resumed only if its settings are equal.</summary>
    public IReadOnlyDictionary<string, string> Settings => State.Settings;

    /// <summary>The recipe as JSON; <see langword="null"/> if the run has none.</summary>
    public JsonElement? Recipe => State.Recipe;

    /// <summary>Path of the encoder's weights, a safetensors file.</summary>
    public string EncoderPath => Path.Combine(Folder, EncoderFile);

    /// <summary>Path of the momentum encoder's weights; <see langword="null"/> if the run has none.</summary>
    public string? MomentumEncoderPath => Path.Combine(Folder, MomentumEncoderFile) is var path && File.Exists(path) ? path : null;

    internal CheckpointState State { get; }

    /// <summary>Opens a checkpoint. Its tensors are not read yet.</summary>
    /// <param name="folder">Folder of the checkpoint.</param>
    /// <returns>The checkpoint.</returns>
    /// <exception cref="CheckpointException">The folder has no checkpoint, or its state cannot be read.</exception>
    public static Checkpoint Open(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return Guard(folder, () => new Checkpoint(Path.GetFullPath(folder), CheckpointState.Parse(File.ReadAllBytes(Path.Combine(folder, StateFile)))));
    }

    /// <summary>Opens the checkpoint that a path names. Its tensors are not read yet.</summary>
    /// <param name="path">The folder of a checkpoint, of several checkpoints, or of a run, which has them in <c>checkpoints/</c>.</param>
    /// <param name="best">Whether to take the checkpoint whose epoch had the lowest mean loss instead of the newest one; the newest if no epoch was completed.</param>
    /// <returns>The checkpoint.</returns>
    /// <exception cref="CheckpointException">The path has no checkpoint, or its state cannot be read.</exception>
    public static Checkpoint Find(string path, bool best = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (File.Exists(Path.Combine(path, StateFile)))
        {
            return Open(path);
        }

        string below = Path.Combine(path, FolderOfRun);
        var store = new CheckpointStore(Directory.Exists(below) ? below : path);
        return Open((best ? store.Best ?? store.Newest : store.Newest) ?? throw new CheckpointException(
            $"expected a checkpoint 'step-...', the folder of a run or a weight file, got '{path}', which {(Directory.Exists(path) ? "has no checkpoint in it" : "is not there")}"));
    }

    /// <summary>Verifies all files against the manifest.</summary>
    /// <exception cref="CheckpointException">A file is missing, truncated or changed.</exception>
    public void Verify() => Guard(Folder, () => CheckpointManifest.Read(Folder).Damage(Folder) is { } damage ? throw new InvalidDataException(damage) : 0);

    /// <summary>Loads the weights of the encoder.</summary>
    /// <param name="encoder">The encoder, of the same architecture.</param>
    /// <exception cref="CheckpointException">The file is damaged or of another architecture; the encoder is not changed.</exception>
    public void LoadEncoder(IVideoEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        Load(EncoderFile, encoder.Network.state_dict());
    }

    /// <summary>Loads the weights of a projection head.</summary>
    /// <param name="head">The head, of the same architecture.</param>
    /// <param name="name">Name of the head. The default value is that of the main head.</param>
    /// <exception cref="CheckpointException">The file is missing, damaged or of another architecture; the head is not changed.</exception>
    public void LoadHead(IProjectionHead head, string name = PassPlan.MainHead)
    {
        ArgumentNullException.ThrowIfNull(head);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Load(HeadFile(name), head.Network.state_dict());
    }

    internal static string HeadFile(string name) => string.Equals(name, PassPlan.MainHead, StringComparison.Ordinal) ? "head.safetensors" : $"head.{name}.safetensors";

    internal static string MomentumHeadFile(string name) => "momentum_" + HeadFile(name);

    internal void Load(string file, IReadOnlyDictionary<string, Tensor> targets) => Read(file, tensors => TensorSet.Restore(tensors, targets));

    internal void Read(string file, Action<WeightFile> read) => Guard(Folder, () =>
    {
        using var tensors = WeightFile.Open(Path.Combine(Folder, file));
        read(tensors);
        return 0;
    });

    private static T Guard<T>(string folder, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidDataException or WeightFileException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            throw new CheckpointException($"The checkpoint '{folder}' cannot be used: {e.Message}", e);
        }
    }
}
