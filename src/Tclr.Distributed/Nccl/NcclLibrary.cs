using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Distributed.Nccl;

/// <summary>Identifies a communicator. Made by rank 0 and handed to all.</summary>
[InlineArray(Bytes)]
internal struct NcclUniqueId
{
    public const int Bytes = 128;

    private byte first;
}

/// <summary>The functions of NCCL. Each throws if NCCL reports an error.</summary>
internal sealed unsafe class NcclLibrary
{
    private const int SumOperation = 0;
    private const int Success = 0, InProgress = 7;

    // TorchSharp computes on the default stream.
    private const nint Stream = 0;

    private readonly delegate* unmanaged[Cdecl]<NcclUniqueId*, int> getUniqueId;
    private readonly delegate* unmanaged[Cdecl]<nint*, int, NcclUniqueId, int, int> commInitRank;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, nuint, int, int, nint, nint, int> allReduce;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, nuint, int, nint, nint, int> allGather;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, nuint, int, int, nint, nint, int> broadcast;
    private readonly delegate* unmanaged[Cdecl]<nint, int*, int> commGetAsyncError;
    private readonly delegate* unmanaged[Cdecl]<nint, int> commAbort, commDestroy;
    private readonly delegate* unmanaged[Cdecl]<int, byte*> getErrorString;

    /// <summary>Finds the functions.</summary>
    /// <param name="export">Finds an exported symbol; throws if there is none.</param>
    public NcclLibrary(Func<string, nint> export)
    {
        getUniqueId = (delegate* unmanaged[Cdecl]<NcclUniqueId*, int>)export("ncclGetUniqueId");
        commInitRank = (delegate* unmanaged[Cdecl]<nint*, int, NcclUniqueId, int, int>)export("ncclCommInitRank");
        allReduce = (delegate* unmanaged[Cdecl]<nint, nint, nuint, int, int, nint, nint, int>)export("ncclAllReduce");
        allGather = (delegate* unmanaged[Cdecl]<nint, nint, nuint, int, nint, nint, int>)export("ncclAllGather");
        broadcast = (delegate* unmanaged[Cdecl]<nint, nint, nuint, int, int, nint, nint, int>)export("ncclBroadcast");
        commGetAsyncError = (delegate* unmanaged[Cdecl]<nint, int*, int>)export("ncclCommGetAsyncError");
        commAbort = (delegate* unmanaged[Cdecl]<nint, int>)export("ncclCommAbort");
        commDestroy = (delegate* unmanaged[Cdecl]<nint, int>)export("ncclCommDestroy");
        getErrorString = (delegate* unmanaged[Cdecl]<int, byte*>)export("ncclGetErrorString");
    }

    /// <summary>Loads libtorch's own NCCL, or that of the system.</summary>
    /// <exception cref="CollectiveException">There is none.</exception>
    public static NcclLibrary Load()
    {
        foreach (string name in (string[])["torch_cuda", "libnccl.so.2"])
        {
            // A symbol is looked for in the libraries that a library brings too.
            if (NativeLibrary.TryLoad(name, typeof(torch).Assembly, null, out nint library) && NativeLibrary.TryGetExport(library, "ncclGetUniqueId", out _))
            {
                return new NcclLibrary(symbol => NativeLibrary.GetExport(library, symbol));
            }
        }

        throw new CollectiveException("NCCL is not found, neither in libtorch_cuda.so nor as libnccl.so.2: install it (Debian and Ubuntu: libnccl2, from NVIDIA's repository), or train on one GPU. It exists for Linux only.");
    }

    public NcclUniqueId CreateId()
    {
        NcclUniqueId id;
        Check(getUniqueId(&id), "ncclGetUniqueId");
        return id;
    }

    /// <summary>Connects the current device of this thread with those of the other ranks.</summary>
    public nint Connect(int size, NcclUniqueId id, int rank)
    {
        nint comm = 0;
        Check(commInitRank(&comm, size, id, rank), "ncclCommInitRank");
        return comm;
    }

    public void AllReduce(nint data, long count, ScalarType type, nint comm) => Check(allReduce(data, data, (nuint)count, Code(type), SumOperation, comm, Stream), "ncclAllReduce");

    public void AllGather(nint data, nint result, long count, ScalarType type, nint comm) => Check(allGather(data, result, (nuint)count, Code(type), comm, Stream), "ncclAllGather");

    public void Broadcast(nint data, long count, ScalarType type, int root, nint comm) => Check(broadcast(data, data, (nuint)count, Code(type), root, comm, Stream), "ncclBroadcast");

    /// <summary>The error of an operation in the background; <see langword="null"/> if there is none.</summary>
    public string? AsyncError(nint comm)
    {
        int error = 0;
        int code = commGetAsyncError(comm, &error);
        return code is not Success ? Text(code) : error is Success or InProgress ? null : Text(error);
    }

    /// <summary>Ends operations that wait, and the communicator.</summary>
    public void Abort(nint comm) => commAbort(comm);

    /// <summary>Ends a communicator whose operations are done.</summary>
    public void Destroy(nint comm) => Check(commDestroy(comm), "ncclCommDestroy");

    private static int Code(ScalarType type) => type switch
    {
        ScalarType.Byte => 1,
        ScalarType.Int64 => 4,
        ScalarType.Float16 => 6,
        ScalarType.Float32 => 7,
        ScalarType.Float64 => 8,
        _ => 9, // bfloat16
    };

    private string Text(int code) => Marshal.PtrToStringUTF8((nint)getErrorString(code)) ?? FormattableString.Invariant($"error {code}");

    private void Check(int code, string function)
    {
        if (code != Success)
        {
            throw new CollectiveException($"{function} failed: {Text(code)}. NCCL_DEBUG=INFO makes NCCL say more.");
        }
    }
}
