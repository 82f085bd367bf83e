using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tclr.Benchmarks.Gpu;

/// <summary>Counts the calls of CUDA's driver by name, through CUPTI.</summary>
internal static unsafe class CudaCalls
{
    private const int DriverDomain = 1;
    private const int Enter = 0;
    private static readonly ConcurrentDictionary<nint, int> Counts = new();
    private static volatile bool counting;
    private static nint subscriber;

    /// <summary>Whether CUPTI could be loaded.</summary>
    public static bool Available => subscriber != 0;

    /// <summary>Subscribes to the driver's calls.</summary>
    public static void Start()
    {
        if (LoadedLibraries.Find("libcupti") is not { } library)
        {
            return;
        }

        var subscribe = (delegate* unmanaged[Cdecl]<nint*, nint, nint, int>)NativeLibrary.GetExport(library, "cuptiSubscribe");
        var enable = (delegate* unmanaged[Cdecl]<uint, nint, int, int>)NativeLibrary.GetExport(library, "cuptiEnableDomain");
        nint made;
        if (subscribe(&made, (nint)(delegate* unmanaged[Cdecl]<nint, int, uint, nint, void>)&OnCall, 0) == 0 && enable(1, made, DriverDomain) == 0)
        {
            subscriber = made;
        }
    }

    /// <summary>Counts the calls while work runs; the device is idle before and after.</summary>
    public static CallCounts During(Action work)
    {
        TorchSharp.torch.cuda.synchronize();
        Counts.Clear();
        counting = true;
        work();
        counting = false;
        TorchSharp.torch.cuda.synchronize();
        var byName = Counts.GroupBy(entry => Marshal.PtrToStringAnsi(entry.Key)!, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(entry => entry.Value), StringComparer.Ordinal);
        return new CallCounts(byName);
    }

    // CUpti_CallbackData begins with the site (enter or exit), then the name of the function.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnCall(nint user, int domain, uint function, nint data)
    {
        if (counting && *(int*)data == Enter)
        {
            Counts.AddOrUpdate(*(nint*)(data + sizeof(nint)), 1, static (_, count) => count + 1);
        }
    }
}

/// <summary>Calls of CUDA's driver by name.</summary>
internal sealed record CallCounts(IReadOnlyDictionary<string, int> ByName)
{
    public int Launches => Sum(name => name.StartsWith("cuLaunch", StringComparison.Ordinal) || name.StartsWith("cuGraphLaunch", StringComparison.Ordinal));

    /// <summary>Calls that wait for the device, or may: synchronizations and copies to pageable memory.</summary>
    public int Synchronizations => Sum(name => name.Contains("Synchronize", StringComparison.Ordinal));

    /// <summary>Copies and fills.</summary>
    public int Copies => Sum(name => name.StartsWith("cuMemcpy", StringComparison.Ordinal) || name.StartsWith("cuMemset", StringComparison.Ordinal));

    public string Names => string.Join(", ", ByName.OrderByDescending(entry => entry.Value).Select(entry => $"{entry.Key} {entry.Value}"));

    private int Sum(Func<string, bool> counts) => ByName.Where(entry => counts(entry.Key)).Sum(entry => entry.Value);
}
