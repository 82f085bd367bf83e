using Tclr.Distributed.Mpi;
using Tclr.Distributed.Nccl;
using static TorchSharp.torch;

namespace Tclr.Distributed.Tests;

/// <summary>The calls of NCCL and of CUDA's driver, on a stand-in. NCCL itself needs GPUs.</summary>
[NonParallelizable]
public sealed class NcclTests
{
    private static readonly string Id = string.Concat(Enumerable.Range(0, 128).Select(i => (255 - i).ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));

    private NcclCommunicator nccl = null!;

    [SetUp]
    public void Connect()
    {
        StandInNccl.Reset();
        nccl = Create(TimeSpan.FromSeconds(3));
    }

    [TearDown]
    public void Disconnect()
    {
        (StandInNccl.IsDone, StandInNccl.Result) = (true, 0);
        nccl.Dispose();
    }

    [Test]
    public void Operations_are_queued_on_the_default_stream_each_with_an_event()
    {
        nccl.Sum(0x100, 33_000_000_000, ScalarType.Float32);
        nccl.Gather(0x100, 0x200, 5, ScalarType.BFloat16);
        StandInNccl.IsDone = false;
        nccl.Broadcast(0x100, 6, ScalarType.Byte);
        StandInNccl.IsDone = true;
        nccl.Dispose();
        nccl.Dispose();
        nccl.Abort();

        Assert.That(StandInNccl.Calls, Is.EqualTo(
        [
            "GetUniqueId()", $"CommInitRank(1, {Id}, 0)",
            "AllReduce(in place, 33000000000, type 7, operation 0, 5000, stream 0)", "EventCreate(flags 2)", "EventRecord(1, stream 0)",

            // The first operation is done, its event free again.
            "AllGather(copy, 5, type 9, 5000, stream 0)", "EventRecord(1, stream 0)",
            "Broadcast(in place, 6, type 1, root 0, 5000, stream 0)", "EventCreate(flags 2)", "EventRecord(2, stream 0)",
            "EventDestroy(2)", "EventDestroy(1)", "CommDestroy(5000)",
        ]));
    }

    [TestCase(ScalarType.Byte, 1)]
    [TestCase(ScalarType.Int64, 4)]
    [TestCase(ScalarType.Float16, 6)]
    [TestCase(ScalarType.Float32, 7)]
    [TestCase(ScalarType.Float64, 8)]
    [TestCase(ScalarType.BFloat16, 9)]
    public void Types_have_NCCLs_numbers(ScalarType type, int number)
    {
        nccl.Sum(0x100, 2, type);
        Assert.That(StandInNccl.Calls, Has.Some.EqualTo($"AllReduce(in place, 2, type {number}, operation 0, 5000, stream 0)"));
    }

    [Test]
    public void An_operation_that_lasts_too_long_is_a_fault()
    {
        var second = TimeSpan.FromSeconds(1);
        Assert.That(nccl.Fault(10 * second), Is.Null, "nothing runs");
        StandInNccl.IsDone = false;
        nccl.Sum(0x100, 7, ScalarType.Float32);
        nccl.Gather(0x100, 0x200, 8, ScalarType.Float32);
        Assert.That(nccl.Fault(3 * second), Is.Null);
        Assert.That(nccl.Fault(second), Is.EqualTo("waited 3 s for the other ranks in AllReduce of 7 elements on the GPU"));

        StandInNccl.IsDone = true;
        Assert.That(nccl.Fault(10 * second), Is.Null, "all are done");
        StandInNccl.IsDone = false;
        nccl.Sum(0x100, 9, ScalarType.Float32);
        Assert.That(nccl.Fault(3 * second), Is.Null, "each has its own time");
        nccl.Abort();
        Assert.That(nccl.Fault(3 * second), Is.Null, "ended");
        Assert.That(StandInNccl.Calls.Last(), Is.EqualTo("CommAbort(5000)"));
    }

    [Test]
    public void Without_a_limit_it_may_last_forever()
    {
        using var patient = Create(Timeout.InfiniteTimeSpan);
        StandInNccl.IsDone = false;
        patient.Sum(0x100, 7, ScalarType.Float32);
        Assert.That(patient.Fault(TimeSpan.FromDays(100)), Is.Null);
        StandInNccl.IsDone = true;
    }

    [Test]
    public void Errors_in_the_background_are_faults_and_work_in_progress_is_not()
    {
        StandInNccl.AsyncError = 7;
        Assert.That(nccl.Fault(TimeSpan.Zero), Is.Null);
        StandInNccl.AsyncError = 2;
        Assert.That(nccl.Fault(TimeSpan.Zero), Is.EqualTo("got an error of NCCL in the background: unhandled system error"));
        StandInNccl.IsDone = false;
        nccl.Broadcast(0x100, 9, ScalarType.Int64);
        Assert.That(nccl.Fault(TimeSpan.Zero), Is.EqualTo("got an error of NCCL in Broadcast of 9 elements on the GPU: unhandled system error"));
    }

    [Test]
    public void Errors_of_a_call_name_the_function()
    {
        StandInNccl.Result = 2;
        Assert.That(() => nccl.Sum(0x100, 7, ScalarType.Float32), Throws.InstanceOf<CollectiveException>().With.Message.StartsWith("ncclAllReduce failed: unhandled system error"));
        Assert.That(() => Create(TimeSpan.Zero).Dispose(), Throws.InstanceOf<CollectiveException>().With.Message.StartsWith("ncclGetUniqueId failed"));
    }

    [Test]
    public void Without_NCCL_the_error_says_what_to_install()
    {
        if (System.Runtime.InteropServices.NativeLibrary.TryLoad("libnccl.so.2", out _))
        {
            Assert.Ignore("NCCL is installed");
        }

        Assert.That(NcclLibrary.Load, Throws.InstanceOf<CollectiveException>().With.Message.Contains("libnccl2"));
    }

    private static NcclCommunicator Create(TimeSpan limit)
    {
        var library = StandInMpi.Load(MpiFamily.Abi);
        var made = new NcclCommunicator(StandInNccl.Library, StandInNccl.Events);
        made.Connect(new MpiCommunicator(library, 4096, 4096), limit);
        return made;
    }
}
