using System.Runtime.InteropServices;
using System.Text;

namespace Tclr.Distributed.Mpi;

/// <summary>The functions of a loaded MPI library. Each throws if MPI reports an error.</summary>
internal sealed unsafe class MpiLibrary
{
    private const int Serialized = 2, Multiple = 3;
    private const int LongestText = 8192;

    private readonly delegate* unmanaged[Cdecl]<nint, nint, int, int*, int> initThread;
    private readonly delegate* unmanaged[Cdecl]<int*, int> initialized;
    private readonly delegate* unmanaged[Cdecl]<int> finalize;
    private readonly delegate* unmanaged[Cdecl]<nint, int*, int> commRank, commSize;
    private readonly delegate* unmanaged[Cdecl]<nint, nint*, int> commDup;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int> commSetErrhandler;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int, nint, nint, nint, int> allreduce;
    private readonly delegate* unmanaged[Cdecl]<nint, int, nint, nint, int, nint, nint, int> allgather;
    private readonly delegate* unmanaged[Cdecl]<nint, int, nint, int, nint, int> bcast;
    private readonly delegate* unmanaged[Cdecl]<nint, int> barrier;
    private readonly delegate* unmanaged[Cdecl]<nint, int, int> abort;
    private readonly delegate* unmanaged[Cdecl]<byte*, int*, int> getLibraryVersion;
    private readonly delegate* unmanaged[Cdecl]<int, byte*, int*, int> errorString;

    /// <summary>Finds the functions.</summary>
    /// <param name="family">The binary interface.</param>
    /// <param name="export">Finds an exported symbol; throws if there is none.</param>
    public MpiLibrary(MpiFamily family, Func<string, nint> export)
    {
        Handles = family.Handles(export);
        initThread = (delegate* unmanaged[Cdecl]<nint, nint, int, int*, int>)export("MPI_Init_thread");
        initialized = (delegate* unmanaged[Cdecl]<int*, int>)export("MPI_Initialized");
        finalize = (delegate* unmanaged[Cdecl]<int>)export("MPI_Finalize");
        commRank = (delegate* unmanaged[Cdecl]<nint, int*, int>)export("MPI_Comm_rank");
        commSize = (delegate* unmanaged[Cdecl]<nint, int*, int>)export("MPI_Comm_size");
        commDup = (delegate* unmanaged[Cdecl]<nint, nint*, int>)export("MPI_Comm_dup");
        commSetErrhandler = (delegate* unmanaged[Cdecl]<nint, nint, int>)export("MPI_Comm_set_errhandler");
        allreduce = (delegate* unmanaged[Cdecl]<nint, nint, int, nint, nint, nint, int>)export("MPI_Allreduce");
        allgather = (delegate* unmanaged[Cdecl]<nint, int, nint, nint, int, nint, nint, int>)export("MPI_Allgather");
        bcast = (delegate* unmanaged[Cdecl]<nint, int, nint, int, nint, int>)export("MPI_Bcast");
        barrier = (delegate* unmanaged[Cdecl]<nint, int>)export("MPI_Barrier");
        abort = (delegate* unmanaged[Cdecl]<nint, int, int>)export("MPI_Abort");
        getLibraryVersion = (delegate* unmanaged[Cdecl]<byte*, int*, int>)export("MPI_Get_library_version");
        errorString = (delegate* unmanaged[Cdecl]<int, byte*, int*, int>)export("MPI_Error_string");
    }

    /// <summary>Handles and constants.</summary>
    public MpiHandles Handles { get; }

    /// <summary>Name and version of the library: the first part of what it says of itself.</summary>
    public string Version => field ??= ReadVersion();

    /// <summary>Loads the first library that is found.</summary>
    /// <param name="launcher">The launcher, whose kinds of MPI are tried.</param>
    /// <exception cref="CollectiveException">No library can be loaded.</exception>
    public static MpiLibrary Load(Launcher launcher)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new CollectiveException($"{launcher.Name} started this process, but Tclr supports MPI on Linux only: start the program by itself.");
        }

        foreach (var family in launcher.Families)
        {
            foreach (string file in family.Files)
            {
                if (NativeLibrary.TryLoad(file, out nint handle))
                {
                    return new MpiLibrary(family, name => NativeLibrary.TryGetExport(handle, name, out nint address)
                        ? address
                        : throw new CollectiveException($"{file} has no symbol {name}: expected a library of {family.Name}"));
                }
            }
        }

        throw new CollectiveException(
            $"{launcher.Name} started this process, but no MPI library is found (looked for {string.Join(", ", launcher.Families.SelectMany(family => family.Files))}). "
            + "Install the library that belongs to the launcher (Debian: apt-get install openmpi-bin, or mpich), or name its folder in LD_LIBRARY_PATH.");
    }

    /// <summary>Connects to the other processes.</summary>
    public void Initialize()
    {
        int before = 0, level = 0;
        Check(initialized(&before), "MPI_Initialized");
        if (before != 0)
        {
            throw new CollectiveException("MPI is already initialized in this process: create one collective and keep it until the end of the program.");
        }

        Check(initThread(0, 0, Multiple, &level), "MPI_Init_thread");
        if (level < Serialized)
        {
            throw new CollectiveException($"{Version} cannot be used by the trainer's thread: it was built without support of threads (level {level}, expected {Serialized} or {Multiple}).");
        }

        Check(commSetErrhandler(Handles.World, Handles.ErrorsReturn), "MPI_Comm_set_errhandler");
    }

    public int Rank(nint comm)
    {
        int rank = 0;
        Check(commRank(comm, &rank), "MPI_Comm_rank");
        return rank;
    }

    public int Size(nint comm)
    {
        int size = 0;
        Check(commSize(comm, &size), "MPI_Comm_size");
        return size;
    }

    /// <summary>A communicator of the same processes, whose messages meet no others.</summary>
    public nint Duplicate(nint comm)
    {
        // MPICH writes a 32-bit number, the others an address.
        nint copy = 0;
        Check(commDup(comm, &copy), "MPI_Comm_dup");
        copy = Handles.World == MpichWorld ? (int)copy : copy;
        Check(commSetErrhandler(copy, Handles.ErrorsReturn), "MPI_Comm_set_errhandler");
        return copy;
    }

    /// <summary>Combines elements over the processes, in place.</summary>
    public void AllReduce(nint data, int count, nint type, nint operation, nint comm) => Check(allreduce(Handles.InPlace, data, count, type, operation, comm), "MPI_Allreduce");

    /// <summary>Collects the bytes of all processes.</summary>
    public void AllGather(nint data, int bytes, nint result, nint comm) => Check(allgather(data, bytes, Handles.Byte, result, bytes, Handles.Byte, comm), "MPI_Allgather");

    /// <summary>Copies bytes from one process to all.</summary>
    public void Broadcast(nint data, int bytes, int root, nint comm) => Check(bcast(data, bytes, Handles.Byte, root, comm), "MPI_Bcast");

    public void Barrier(nint comm) => Check(barrier(comm), "MPI_Barrier");

    /// <summary>Ends all processes. Any thread may call it at any time.</summary>
    public void Abort(int code) => abort(Handles.World, code);

    /// <summary>Takes leave of the other processes, which must do it too.</summary>
    public void End() => Check(finalize(), "MPI_Finalize");

    private static nint MpichWorld => 0x44000000;

    private string ReadVersion()
    {
        byte* text = stackalloc byte[LongestText];
        int length = 0;
        Check(getLibraryVersion(text, &length), "MPI_Get_library_version");
        string version = Encoding.UTF8.GetString(text, Math.Clamp(length, 0, LongestText)).Trim('\0', ' ', '\n');
        return string.Join(' ', version.Split(',', '\n')[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private void Check(int code, string function)
    {
        if (code == 0)
        {
            return;
        }

        byte* text = stackalloc byte[LongestText];
        int length = 0;
        string reason = errorString(code, text, &length) == 0 ? Encoding.UTF8.GetString(text, Math.Clamp(length, 0, LongestText)) : $"error {code}";
        throw new CollectiveException($"{function} failed: {reason}");
    }
}
