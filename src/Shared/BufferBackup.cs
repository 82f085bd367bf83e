using static TorchSharp.torch;

namespace Tclr;

/// <summary>Saves and restores the buffers of networks, such as the running statistics of normalization layers.</summary>
internal sealed class BufferBackup : IDisposable
{
    private readonly List<(Tensor Live, Tensor Copy)> buffers = [];

    public BufferBackup(params ReadOnlySpan<nn.Module> networks)
    {
        foreach (var network in networks)
        {
            foreach (var (_, buffer) in network.named_buffers())
            {
                buffers.Add((buffer, buffer.clone().DetachFromDisposeScope()));
            }
        }
    }

    public void Restore()
    {
        using var unrecorded = no_grad();
        foreach (var (live, copy) in buffers)
        {
            live.copy_(copy);
        }
    }

    public void Dispose() => buffers.ForEach(buffer => buffer.Copy.Dispose());
}
