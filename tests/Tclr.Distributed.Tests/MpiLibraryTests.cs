using Tclr.Distributed.Mpi;
using static TorchSharp.torch;

namespace Tclr.Distributed.Tests;

/// <summary>The calls of MPI with the handles of MPI 5 and of MPICH, on a stand-in.</summary>
[NonParallelizable]
public sealed class MpiLibraryTests
{
    [Test]
    public void Mpi_5_is_called_with_its_own_handles() => Calls(MpiFamily.Abi,
    [
        "Init_thread(0, 0, 3)", "Comm_set_errhandler(101, 143)", "Comm_dup(101)", "Comm_set_errhandler(777, 143)",
        "Allreduce(1, 1024, 210, 21, 777)", "Allreduce(1, 476, 210, 21, 777)", "Allreduce(1, 3, 214, 21, 777)", "Allreduce(1, 2, 258, 23, 777)",
        "Allgather(12, 247, 12, 247, 777)", "Bcast(5000, 247, 0, 777)", "Bcast(1000, 247, 0, 777)", "Barrier(777)", "Abort(101, 1)", "Finalize()",
    ]);

    [Test]
    public void Mpich_is_called_with_its_own_handles() => Calls(MpiFamily.Mpich,
    [
        "Init_thread(0, 0, 3)", "Comm_set_errhandler(44000000, 54000001)", "Comm_dup(44000000)", "Comm_set_errhandler(777, 54000001)",
        "Allreduce(-1, 1024, 4c00040a, 58000003, 777)", "Allreduce(-1, 476, 4c00040a, 58000003, 777)", "Allreduce(-1, 3, 4c00080b, 58000003, 777)", "Allreduce(-1, 2, 4c00083a, 58000001, 777)",
        "Allgather(12, 4c00010d, 12, 4c00010d, 777)", "Bcast(5000, 4c00010d, 0, 777)", "Bcast(1000, 4c00010d, 0, 777)", "Barrier(777)", "Abort(44000000, 1)", "Finalize()",
    ]);

    [Test]
    public void Errors_are_named()
    {
        var library = StandInMpi.Load(MpiFamily.Abi);
        Assert.That(library.Version, Is.EqualTo("Stand-in v1.2"));
        StandInMpi.ThreadLevel = 1;
        Assert.That(library.Initialize, Throws.InstanceOf<CollectiveException>().With.Message.Contains("level 1, expected 2 or 3"));
        StandInMpi.Result = 4;
        Assert.That(() => library.Barrier(0), Throws.InstanceOf<CollectiveException>().With.Message.EqualTo("MPI_Barrier failed: invalid count"));
    }

    [Test]
    [Platform("Linux")]
    public void A_library_that_is_missing_or_another_is_named()
    {
        var missing = new MpiFamily("MPI Y", ["libnone.so.1", "libnone.so.2"], MpiFamily.Abi.Handles);
        var another = new MpiFamily("MPI Y", ["libnone.so.1", "libc.so.6"], MpiFamily.OpenMpi.Handles);

        Assert.That(() => Load(missing), Throws.InstanceOf<CollectiveException>().With.Message.Contains("mpirun started this process, but no MPI library is found (looked for libnone.so.1, libnone.so.2)"));
        Assert.That(() => Load(another), Throws.InstanceOf<CollectiveException>().With.Message.EqualTo("libc.so.6 has no symbol ompi_mpi_comm_world: expected a library of MPI Y"));

        static MpiLibrary Load(MpiFamily family) => MpiLibrary.Load(new Launcher("mpirun", 0, 2, [family]));
    }

    private static unsafe void Calls(MpiFamily family, string[] expected)
    {
        var library = StandInMpi.Load(family);
        library.Initialize();
        var mpi = new MpiCommunicator(library, chunkBytes: 4096, messageBytes: 5000);
        float[] values = new float[1500];
        byte[] all = new byte[12];
        fixed (float* data = values)
        fixed (byte* result = all)
        {
            mpi.Sum((nint)data, 1500, ScalarType.Float32);
            mpi.Sum((nint)data, 3, ScalarType.Float64);
            mpi.Max([1, 2]);
            mpi.Gather((nint)data, (nint)result, 3, ScalarType.Float32);
            mpi.Broadcast((nint)data, 750, ScalarType.Int64);
        }

        mpi.Barrier();
        library.Abort(1);
        library.End();
        Assert.That(StandInMpi.Calls, Is.EqualTo(expected));
    }
}
