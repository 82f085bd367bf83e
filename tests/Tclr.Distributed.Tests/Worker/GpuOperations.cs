using System.Globalization;
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
            Assert.That(StandInNccl.Calls, Is.EqualTo(Expected(ranks.Rank)));
            Program.Say(ranks, $"done of {ranks.Size}");
        }

        Assert.That(StandInNccl.Calls.Last(), Is.EqualTo("CommDestroy(5000)"));
    }

    // The first rank makes the identity, which all connect with.
    private static string[] Expected(int rank)
    {
        string identity = string.Concat(Enumerable.Range(0, 128).Select(i => (255 - i).ToString("x2", CultureInfo.InvariantCulture)));
        string[] calls =
        [
            "GetUniqueId()", $"CommInitRank(2, {identity}, {rank})",
            "AllReduce(in place, 6, type 7, operation 0, 5000, stream 0)", "EventCreate(flags 2)", "EventRecord(1, stream 0)",
            "AllGather(copy, 6, type 7, 5000, stream 0)", "EventRecord(1, stream 0)",
            "Broadcast(in place, 6, type 7, root 0, 5000, stream 0)", "EventRecord(1, stream 0)",
        ];
        return rank == 0 ? calls : calls[1..];
    }
}
