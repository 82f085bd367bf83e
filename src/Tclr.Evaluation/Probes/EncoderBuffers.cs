using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Copies of a network's buffers, which are put back at the end.</summary>
internal sealed class EncoderBuffers : IDisposable
{
    private readonly List<(Tensor Buffer, Tensor Copy)> copies;

    public EncoderBuffers(nn.Module network)
        => copies = [.. network.named_buffers().Select(entry => (entry.buffer, entry.buffer.clone().DetachFromDisposeScope()))];

    public void Dispose()
    {
        using var noGrad = no_grad();
        foreach (var (buffer, copy) in copies)
        {
            buffer.copy_(copy);
            copy.Dispose();
        }
    }
}
