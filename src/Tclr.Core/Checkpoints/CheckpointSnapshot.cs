using System.Text.Json;
using Tclr.Weights;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Copies of the tensors of a checkpoint in host memory, so that training continues while they are written.</summary>
internal sealed class CheckpointSnapshot(CheckpointState state) : IDisposable
{
    private readonly OrderedDictionary<string, List<KeyValuePair<string, Tensor>>> files = new(StringComparer.Ordinal);

    public CheckpointState State { get; } = state;

    /// <summary>The tensors by file and name, as <c>encoder.safetensors/stem.0.weight</c>.</summary>
    public IEnumerable<(string Name, Tensor Tensor)> Tensors => files.SelectMany(file => file.Value.Select(entry => ($"{file.Key}/{entry.Key}", entry.Value)));

    /// <summary>Copies the tensors of a file.</summary>
    public void Add(string file, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        var copies = new List<KeyValuePair<string, Tensor>>();
        files.Add(file, copies);
        foreach (var (name, tensor) in tensors)
        {
            var values = tensor.detach();
            copies.Add(new(name, (values.device_type == TorchSharp.DeviceType.CPU ? values.clone() : HostTransfer.ToHost(values)).DetachFromDisposeScope()));
        }
    }

    /// <summary>Writes everything into an empty folder and reads it back.</summary>
    public void WriteTo(string folder)
    {
        var manifest = new CheckpointManifest(new Dictionary<string, CheckpointManifest.Entry>(StringComparer.Ordinal));
        foreach (var (name, tensors) in files)
        {
            manifest.Write(folder, name, stream => WeightFile.Write(stream, WeightFormat.SafeTensors, tensors));
        }

        manifest.Write(folder, Checkpoint.StateFile, stream => JsonSerializer.Serialize(stream, State, TclrJson.Indented));
        manifest.Save(folder);
        if (CheckpointManifest.Read(folder).Damage(folder) is { } damage)
        {
            throw new IOException($"the files do not read back: {damage}");
        }
    }

    public void Dispose()
    {
        foreach (var (_, tensor) in Tensors)
        {
            tensor.Dispose();
        }
    }
}
