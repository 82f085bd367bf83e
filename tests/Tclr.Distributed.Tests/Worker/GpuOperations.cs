using Tclr.Distributed.Nccl;
using static TorchSharp.torch;

namespace Tclr.Distributed.Tests.Worker;

/// <summary>Tensors on GPUs take NCCL's way, whose identity comes through MPI, and the others MPI's. A stand-in takes the place of NCCL, and float32 tensors that of tensors on GPUs.</summary>
internal static class GpuOperations
{
    public static void Run()
    {
        var seams = new CollectiveSeams { IsOnGpu = tensor => tensor.dtype == ScalarType.Float32, CreateNccl = () => new NcclCommunicator(StandInNccl.Library, StandInNccl.Events) };
        using (var ranks = Collectives.FromLauncher(new CollectiveOptions { Seams = seams }))
        {
            using var scope = NewDisposeScope();
            var number = tensor(new long[] { ranks.Rank + 1 });
            ranks.AllReduce(number);
            Assert.That(number.item<long>(), Is.EqualTo(ranks.Size * (ranks.Size + 1) / 2));
            Assert.That(StandInNccl.Calls, Is.Empty);
            using var rows = ones(2, 3);
            ranks.AllReduce(rows);
            Assert.That(ranks.AllGather(rows).shape, Is.EqualTo(new long[] { 2 * ranks.Size, 3 }));
            ranks.Broadcast(rows);
            ranks.AllReduce(number);
            Assert.That(number.item<long>(), Is.EqualTo(ranks.Size * ranks.Size * (ranks.Size + 1) / 2));
            Program.Say(ranks, string.Join(' ', StandInNccl.Calls));
        }

        Assert.That(StandInNccl.Calls.Last(), Is.EqualTo("CommDestroy(5000)"));
    }
}
