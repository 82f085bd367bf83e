using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>The collective of a process that works by itself.</summary>
internal sealed class LocalCollective : ICollective
{
    public int Rank => 0;

    public int Size => 1;

    public void AllReduce(Tensor tensor)
    {
    }

    public Tensor AllGather(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().clone().MoveToOuterDisposeScope();
    }

    public void Broadcast(Tensor tensor)
    {
    }

    public void Barrier()
    {
    }

    // The error itself ends the run.
    public void Abort(string reason)
    {
    }

    public void Dispose()
    {
    }
}
