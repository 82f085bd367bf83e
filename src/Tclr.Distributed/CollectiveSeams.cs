using Tclr.Distributed.Mpi;
using Tclr.Distributed.Nccl;
using static TorchSharp.torch;

namespace Tclr.Distributed;

/// <summary>What tests replace.</summary>
internal sealed record CollectiveSeams
{
    /// <summary>Identifies the program and its libraries.</summary>
    public string Program { get; init; } = ProgramIdentity.Text;

    /// <summary>The most bytes of one message of MPI.</summary>
    public int MessageBytes { get; init; } = MpiCommunicator.LargestMessage;

    /// <summary>Whether a tensor goes through NCCL.</summary>
    public Func<Tensor, bool> IsOnGpu { get; init; } = tensor => tensor.device.type == TorchSharp.DeviceType.CUDA;

    /// <summary>Loads NCCL.</summary>
    public Func<NcclCommunicator> CreateNccl { get; init; } = () => new NcclCommunicator(NcclLibrary.Load(), CudaEvents.Load());
}
