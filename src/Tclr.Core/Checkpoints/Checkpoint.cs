using System.Text.Json;
using Tclr.Weights;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>A checkpoint of a run: a folder with weights, optimiser and state, each file with its SHA-256 in a manifest.</summary>
/// <remarks>
/// <c>encoder.safetensors</c>, <c>head.safetensors</c> and <c>optimizer.safetensors</c> hold the tensors, <c>loss.safetensors</c> what a loss
/// remembers, <c>state.json</c> the rest, <c>manifest.json</c> lengths and hashes.
/// </remarks>
/// <example><code>
/// var checkpoint = Checkpoint.Open("run/checkpoints/step-00000160");
/// checkpoint.LoadEncoder(encoder);
/// </code></example>
public sealed class Checkpoint
{
    internal const string StateFile = "state.json";
    internal const string EncoderFile = "encoder.safetensors";
    internal const string HeadFile = "head.safetensors";
    internal const string OptimizerFile = "optimizer.safetensors";
    internal const string LossFile = "loss.safetensors";

    private Checkpoint(string folder, CheckpointState state)
    {
        Folder = folder;
        State = state;
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>Where the run stood.</summary>
    public CheckpointState State { get; }

    /// <summary>The encoder's weights, a file that <c>ModelWeights.Load</c> and Python's safetensors read.</summary>
    public string EncoderPath => Path.Combine(Folder, EncoderFile);

    /// <summary>Opens a checkpoint.</summary>
    /// <param name="folder">Its folder.</param>
    /// <returns>The checkpoint; its tensors stay on the disk.</returns>
    /// <exception cref="CheckpointException">There is none, or its state cannot be read.</exception>
    public static Checkpoint Open(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return Guard(folder, () =>
        {
            var state = JsonSerializer.Deserialize<CheckpointState>(File.ReadAllBytes(Path.Combine(folder, StateFile)), CheckpointJson.Options);
            return state is { FormatVersion: 2, Settings: not null }
                ? new Checkpoint(Path.GetFullPath(folder), state)
                : throw new InvalidDataException($"'{StateFile}' is of version {state?.FormatVersion}, expected 2");
        });
    }

    /// <summary>Compares all files with the manifest.</summary>
    /// <exception cref="CheckpointException">A file is missing, cut short or changed.</exception>
    public void Verify() => Guard(Folder, () => CheckpointManifest.Read(Folder).Damage(Folder) is { } damage ? throw new InvalidDataException(damage) : 0);

    /// <summary>Loads the weights of the encoder.</summary>
    /// <param name="encoder">The encoder, of the same architecture.</param>
    /// <exception cref="CheckpointException">The file is damaged or of another architecture; the encoder is as it was.</exception>
    public void LoadEncoder(IVideoEncoder encoder)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        Load(EncoderFile, encoder.Network.state_dict());
    }

    /// <summary>Loads the weights of the projection head.</summary>
    /// <param name="head">The head, of the same architecture.</param>
    /// <exception cref="CheckpointException">The file is damaged or of another architecture; the head is as it was.</exception>
    public void LoadHead(IProjectionHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        Load(HeadFile, head.Network.state_dict());
    }

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
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidDataException or WeightFileException or ArgumentException or NotSupportedException)
        {
            throw new CheckpointException($"The checkpoint '{folder}' cannot be used: {e.Message}", e);
        }
    }
}
