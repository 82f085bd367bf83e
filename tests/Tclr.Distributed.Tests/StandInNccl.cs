using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Tclr.Distributed.Nccl;

namespace Tclr.Distributed.Tests;

/// <summary>Stands in for NCCL and CUDA's driver: native functions that note how they are called.</summary>
internal static unsafe class StandInNccl
{
    public const nint Communicator = 0x5000, Context = 0x6000;

    private static readonly byte[] Error = "unhandled system error\0"u8.ToArray();
    private static readonly GCHandle ErrorText = GCHandle.Alloc(Error, GCHandleType.Pinned);
    private static nint events;

    /// <summary>The calls since the last <see cref="Reset"/>.</summary>
    public static ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>The error that operations in the background report.</summary>
    public static int AsyncError { get; set; }

    /// <summary>The result of the functions that enqueue or connect.</summary>
    public static int Result { get; set; }

    /// <summary>Whether the stream gets on.</summary>
    public static bool IsDone { get; set; } = true;

    public static NcclLibrary Library { get; } = new(Nccl);

    public static CudaEvents Events { get; } = new(Cuda);

    public static void Reset()
    {
        Calls.Clear();
        (AsyncError, Result, IsDone, events) = (0, 0, true, 0);
    }

    private static nint Nccl(string name) => name switch
    {
        "ncclGetUniqueId" => (nint)(delegate* unmanaged[Cdecl]<byte*, int>)&GetUniqueId,
        "ncclCommInitRank" => (nint)(delegate* unmanaged[Cdecl]<nint*, int, NcclUniqueId, int, int>)&CommInitRank,
        "ncclAllReduce" => (nint)(delegate* unmanaged[Cdecl]<nint, nint, nuint, int, int, nint, nint, int>)&AllReduce,
        "ncclAllGather" => (nint)(delegate* unmanaged[Cdecl]<nint, nint, nuint, int, nint, nint, int>)&AllGather,
        "ncclBroadcast" => (nint)(delegate* unmanaged[Cdecl]<nint, nint, nuint, int, int, nint, nint, int>)&Broadcast,
        "ncclCommGetAsyncError" => (nint)(delegate* unmanaged[Cdecl]<nint, int*, int>)&CommGetAsyncError,
        "ncclCommAbort" => (nint)(delegate* unmanaged[Cdecl]<nint, int>)&CommAbort,
        "ncclCommDestroy" => (nint)(delegate* unmanaged[Cdecl]<nint, int>)&CommDestroy,
        "ncclGetErrorString" => (nint)(delegate* unmanaged[Cdecl]<int, nint>)&GetErrorString,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "not a function of NCCL that is used"),
    };

    private static nint Cuda(string name) => name switch
    {
        "cuEventCreate" => (nint)(delegate* unmanaged[Cdecl]<nint*, uint, int>)&EventCreate,
        "cuEventRecord" => (nint)(delegate* unmanaged[Cdecl]<nint, nint, int>)&EventRecord,
        "cuEventQuery" => (nint)(delegate* unmanaged[Cdecl]<nint, int>)&EventQuery,
        "cuEventDestroy_v2" => (nint)(delegate* unmanaged[Cdecl]<nint, int>)&EventDestroy,
        "cuCtxGetCurrent" => (nint)(delegate* unmanaged[Cdecl]<nint*, int>)&CtxGetCurrent,
        "cuCtxSetCurrent" => (nint)(delegate* unmanaged[Cdecl]<nint, int>)&CtxSetCurrent,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "not a function of the driver that is used"),
    };

    private static int Note(FormattableString call)
    {
        Calls.Enqueue(FormattableString.Invariant(call));
        return Result;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetUniqueId(byte* id)
    {
        for (int i = 0; i < NcclUniqueId.Bytes; i++)
        {
            id[i] = (byte)(255 - i);
        }

        return Note($"GetUniqueId()");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CommInitRank(nint* comm, int size, NcclUniqueId id, int rank)
    {
        *comm = Communicator;
        var bytes = new StringBuilder();
        foreach (byte value in id)
        {
            bytes.Append(System.Globalization.CultureInfo.InvariantCulture, $"{value:x2}");
        }

        return Note($"CommInitRank({size}, {bytes}, {rank})");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AllReduce(nint send, nint receive, nuint count, int type, int operation, nint comm, nint stream)
        => Note($"AllReduce({(send == receive ? "in place" : "copy")}, {count}, type {type}, operation {operation}, {comm:x}, stream {stream})");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AllGather(nint send, nint receive, nuint count, int type, nint comm, nint stream)
        => Note($"AllGather({(send == receive ? "in place" : "copy")}, {count}, type {type}, {comm:x}, stream {stream})");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Broadcast(nint send, nint receive, nuint count, int type, int root, nint comm, nint stream)
        => Note($"Broadcast({(send == receive ? "in place" : "copy")}, {count}, type {type}, root {root}, {comm:x}, stream {stream})");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CommGetAsyncError(nint comm, int* error)
    {
        *error = AsyncError;
        return comm == Communicator ? 0 : 4;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CommAbort(nint comm) => Note($"CommAbort({comm:x})");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CommDestroy(nint comm) => Note($"CommDestroy({comm:x})");

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint GetErrorString(int code) => code == 2 ? ErrorText.AddrOfPinnedObject() : 0;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int EventCreate(nint* made, uint flags)
    {
        *made = ++events;
        Note($"EventCreate(flags {flags})");
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int EventRecord(nint instance, nint stream)
    {
        Note($"EventRecord({instance}, stream {stream})");
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int EventQuery(nint instance) => instance > events ? 400 : IsDone ? 0 : 600;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int EventDestroy(nint instance)
    {
        Note($"EventDestroy({instance})");
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CtxGetCurrent(nint* context)
    {
        *context = Context;
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int CtxSetCurrent(nint context) => context == Context ? 0 : 201;
}
