using System.Runtime.InteropServices;

namespace Tclr.Distributed.Nccl;

/// <summary>Events of CUDA's driver, which tell how far the default stream is. TorchSharp does not expose them.</summary>
internal sealed unsafe class CudaEvents
{
    private const int Success = 0, NotReady = 600;
    private const uint WithoutTiming = 2;

    private readonly delegate* unmanaged[Cdecl]<nint*, uint, int> create;
    private readonly delegate* unmanaged[Cdecl]<nint, nint, int> record;
    private readonly delegate* unmanaged[Cdecl]<nint, int> query, destroy;
    private readonly delegate* unmanaged[Cdecl]<nint*, int> currentContext;
    private readonly delegate* unmanaged[Cdecl]<nint, int> setContext;

    /// <summary>Finds the functions.</summary>
    /// <param name="export">Finds an exported symbol; throws if there is none.</param>
    public CudaEvents(Func<string, nint> export)
    {
        create = (delegate* unmanaged[Cdecl]<nint*, uint, int>)export("cuEventCreate");
        record = (delegate* unmanaged[Cdecl]<nint, nint, int>)export("cuEventRecord");
        query = (delegate* unmanaged[Cdecl]<nint, int>)export("cuEventQuery");
        destroy = (delegate* unmanaged[Cdecl]<nint, int>)export("cuEventDestroy_v2");
        currentContext = (delegate* unmanaged[Cdecl]<nint*, int>)export("cuCtxGetCurrent");
        setContext = (delegate* unmanaged[Cdecl]<nint, int>)export("cuCtxSetCurrent");
    }

    /// <summary>Loads CUDA's driver.</summary>
    /// <exception cref="CollectiveException">There is none.</exception>
    public static CudaEvents Load()
        => NativeLibrary.TryLoad("libcuda.so.1", out nint driver)
            ? new CudaEvents(name => NativeLibrary.GetExport(driver, name))
            : throw new CollectiveException("CUDA's driver (libcuda.so.1) is not found: install NVIDIA's driver");

    /// <summary>The context of the calling thread.</summary>
    public nint Context()
    {
        nint context = 0;
        Check(currentContext(&context), "cuCtxGetCurrent");
        return context;
    }

    /// <summary>Gives the calling thread a context.</summary>
    public void Use(nint context) => Check(setContext(context), "cuCtxSetCurrent");

    public nint Create()
    {
        nint made = 0;
        Check(create(&made, WithoutTiming), "cuEventCreate");
        return made;
    }

    /// <summary>Lets an event wait for all that the default stream was told so far.</summary>
    public void Record(nint instance) => Check(record(instance, 0), "cuEventRecord");

    /// <summary>Whether all before the event is done.</summary>
    public bool IsDone(nint instance)
    {
        int code = query(instance);
        if (code != NotReady)
        {
            Check(code, "cuEventQuery");
        }

        return code == Success;
    }

    public void Destroy(nint instance) => Check(destroy(instance), "cuEventDestroy");

    private static void Check(int code, string function)
    {
        if (code != Success)
        {
            throw new CollectiveException(FormattableString.Invariant($"{function} failed with CUDA error {code}"));
        }
    }
}
