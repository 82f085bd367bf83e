using System.Text.Json;
using Tclr.Weights;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>What a checkpoint is to hold: copies on the processor, so that training can go on while they are written.</summary>
internal sealed class CheckpointContent(CheckpointState state) : IDisposable
{
    private readonly OrderedDictionary<string, List<KeyValuePair<string, Tensor>>> files = new(StringComparer.Ordinal);

    public CheckpointState State { get; } = state;

    /// <summary>Copies tensors that are to be in a file.</summary>
    public void Add(string file, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var copies = new List<KeyValuePair<string, Tensor>>();
        files.Add(file, copies);
        foreach (var (name, tensor) in tensors)
        {
            var values = tensor.detach();
            copies.Add(new(name, (values.device_type == TorchSharp.DeviceType.CPU ? values.clone() : values.cpu()).DetachFromDisposeScope()));
        }
    }

    /// <summary>Writes everything into an empty folder and reads it back.</summary>
    public void WriteTo(string folder)
    {
        var entries = new Dictionary<string, CheckpointManifest.Entry>(StringComparer.Ordinal);
        foreach (var (name, tensors) in files)
        {
            entries.Add(name, DurableFolder.Write(Path.Combine(folder, name), stream => WeightFile.Write(stream, WeightFormat.SafeTensors, tensors)));
        }

        entries.Add(Checkpoint.StateFile, DurableFolder.Write(Path.Combine(folder, Checkpoint.StateFile), stream => JsonSerializer.Serialize(stream, State, CheckpointJson.Options)));
        var manifest = new CheckpointManifest(entries);
        DurableFolder.Write(Path.Combine(folder, CheckpointManifest.FileName), stream => JsonSerializer.Serialize(stream, manifest, CheckpointJson.Options));
        if (CheckpointManifest.Read(folder).Damage(folder) is { } damage)
        {
            throw new IOException($"what was written does not read back: {damage}");
        }
    }

    public void Dispose()
    {
        foreach (var (_, tensor) in files.Values.SelectMany(tensors => tensors))
        {
            tensor.Dispose();
        }
    }
}
