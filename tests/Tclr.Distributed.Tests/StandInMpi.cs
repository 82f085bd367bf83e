using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tclr.Distributed.Mpi;

namespace Tclr.Distributed.Tests;

/// <summary>Stands in for an MPI library: native functions of a job of one process that note how they are called.</summary>
internal static unsafe class StandInMpi
{
    private const nint Copy = 0x777;

    /// <summary>The calls since the last <see cref="Load"/>.</summary>
    public static ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>What <c>MPI_Init_thread</c> provides.</summary>
    public static int ThreadLevel { get; set; }

    /// <summary>The result of the functions that exchange.</summary>
    public static int Result { get; set; }

    public static MpiLibrary Load(MpiFamily family)
    {
        Calls.Clear();
        (ThreadLevel, Result) = (3, 0);
        return new MpiLibrary(family, Export);
    }

    private static nint Export(string name) => name switch
    {
        "MPI_Init_thread" => (nint)(delegate* unmanaged[Cdecl]<nint, nint, int, int*, int>)&InitThread,
        "MPI_Initialized" => (nint)(delegate* unmanaged[Cdecl]<int*, int>)&Initialized,
        "MPI_Finalize" => (nint)(delegate* unmanaged[Cdecl]<int>)&Finish,
        "MPI_Comm_rank" => (nint)(delegate* unmanaged[Cdecl]<nint, int*, int>)&CommRank,
        "MPI_Comm_size" => (nint)(delegate* unmanaged[Cdecl]<nint, int*, int>)&CommSize,
        "MPI_Comm_dup" => (nint)(delegate* unmanaged[Cdecl]<nint, int*, int>)&CommDup,
        "MPI_Comm_set_errhandler" => (nint)(delegate* unmanaged[Cdecl]<nint, nint, int>)&CommSetErrhandler,
        "MPI_Allreduce" => (nint)(delegate* unmanaged[Cdecl]<nint, nint, int, nint, nint, nint, int>)&AllReduce,
        "MPI_Allgather" => (nint)(delegate* unmanaged[Cdecl]<nint, int, nint, nint, int, nint, nint, int>)&AllGather,
        "MPI_Bcast" => (nint)(delegate* unmanaged[Cdecl]<nint, int, nint, int, nint, int>)&Bcast,
        "MPI_Barrier" => (nint)(delegate* unmanaged[Cdecl]<nint, int>)&Barrier,
        "MPI_Abort" => (nint)(delegate* unmanaged[Cdecl]<nint, int, int>)&Abort,
        "MPI_Get_library_version" => (nint)(delegate* unmanaged[Cdecl]<byte*, int*, int>)&GetLibraryVersion,
        "MPI_Error_string" => (nint)(delegate* unmanaged[Cdecl]<int, byte*, int*, int>)&ErrorString,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "not a function of MPI that is used"),
    };

    private static int Note(FormattableString call)
    {
        Calls.Enqueue(FormattableString.Invariant(call));
        return Result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int InitThread(nint argc, nint argv, int level, int* provided)
    {
        *provided = ThreadLevel;
        return Note($"Init_thread({argc}, {argv}, {level})");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Initialized(int* flag)
    {
        *flag = 0;
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Finish() => Note($"Finalize()");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CommRank(nint comm, int* rank)
    {
        *rank = 0;
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CommSize(nint comm, int* size)
    {
        *size = 1;
        return 0;
    }

    // As MPICH, it writes 32 bits.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CommDup(nint comm, int* copy)
    {
        *copy = (int)Copy;
        return Note($"Comm_dup({comm:x})");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CommSetErrhandler(nint comm, nint handler) => Note($"Comm_set_errhandler({comm:x}, {handler:x})");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AllReduce(nint send, nint receive, int count, nint type, nint operation, nint comm) => Note($"Allreduce({send}, {count}, {type:x}, {operation:x}, {comm:x})");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AllGather(nint send, int sendCount, nint sendType, nint receive, int receiveCount, nint receiveType, nint comm)
    {
        Buffer.MemoryCopy((void*)send, (void*)receive, receiveCount, sendCount);
        return Note($"Allgather({sendCount}, {sendType:x}, {receiveCount}, {receiveType:x}, {comm:x})");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Bcast(nint data, int count, nint type, int root, nint comm) => Note($"Bcast({count}, {type:x}, {root}, {comm:x})");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Barrier(nint comm) => Note($"Barrier({comm:x})");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Abort(nint comm, int code) => Note($"Abort({comm:x}, {code})");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetLibraryVersion(byte* text, int* length) => Write(text, length, "Stand-in v1.2,  package of tests\0"u8);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ErrorString(int code, byte* text, int* length) => Write(text, length, "invalid count\0"u8);

    private static int Write(byte* text, int* length, ReadOnlySpan<byte> value)
    {
        value.CopyTo(new Span<byte>(text, 8192));
        *length = value.Length - 1;
        return 0;
    }
}
