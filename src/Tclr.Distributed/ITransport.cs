using static TorchSharp.torch;

namespace Tclr.Distributed;

/// <summary>Moves contiguous elements between the processes: MPI those in the CPU's memory, NCCL those on GPUs.</summary>
internal interface ITransport
{
    /// <summary>Sums over the processes, in place.</summary>
    void Sum(nint data, long count, ScalarType type);

    /// <summary>Collects the elements of all processes, by rank.</summary>
    /// <param name="data">The elements of this process.</param>
    /// <param name="result">Space for those of all.</param>
    /// <param name="count">Number of elements of one process.</param>
    /// <param name="type">Their data type.</param>
    void Gather(nint data, nint result, long count, ScalarType type);

    /// <summary>Copies from rank 0 to all.</summary>
    void Broadcast(nint data, long count, ScalarType type);
}
