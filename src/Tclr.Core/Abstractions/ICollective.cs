using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Exchanges tensors between the processes (ranks) of a job.</summary>
/// <remarks>
/// <para>
/// Every rank calls the same methods in the same order, with tensors of the same shape and data type; the calls return on no rank before
/// all have made them (<see cref="Abort"/> excepted). One thread at a time calls them. On one rank the methods change nothing.
/// </para>
/// <para>
/// The trainer exchanges contiguous float32 and float64 tensors on its device, and small int64, float64 and uint8 tensors on the CPU, also if it
/// computes on a GPU. A sum must be the same bit for bit on all ranks.
/// </para>
/// </remarks>
public interface ICollective : IDisposable
{
    /// <summary>The collective of a process that works by itself: one rank, whose methods change nothing.</summary>
    static ICollective Local { get; } = new LocalCollective();

    /// <summary>Number of this process, 0 to <see cref="Size"/> - 1.</summary>
    int Rank { get; }

    /// <summary>Number of processes, 1 or more.</summary>
    int Size { get; }

    /// <summary>Sums a tensor over the ranks, in place.</summary>
    /// <param name="tensor">The tensor; each rank gets the sum.</param>
    void AllReduce(Tensor tensor);

    /// <summary>Concatenates the tensors of all ranks.</summary>
    /// <param name="tensor">The rows <c>[n, ...]</c> of this rank; not disposed.</param>
    /// <returns>The rows <c>[Size * n, ...]</c> of all ranks in the order of the ranks, without gradient; the caller disposes them.</returns>
    Tensor AllGather(Tensor tensor);

    /// <summary>Copies the tensor of rank 0 to all ranks, in place.</summary>
    /// <param name="tensor">The tensor; on the other ranks it is overwritten.</param>
    void Broadcast(Tensor tensor);

    /// <summary>Waits until all ranks have called it.</summary>
    void Barrier();

    /// <summary>Ends the processes of all ranks. May be called by any thread, also while another one waits for the other ranks.</summary>
    /// <param name="reason">The reason, for the message that the job ends with.</param>
    void Abort(string reason);
}
