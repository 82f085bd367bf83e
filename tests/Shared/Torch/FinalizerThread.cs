using System.Runtime.CompilerServices;
using TorchSharp;

namespace Tclr.Testing;

/// <summary>What the finalizer thread did to tensors: each one that it released was left to the garbage collector by its owner.</summary>
internal static class FinalizerThread
{
    private static long released;

    /// <summary>Collects garbage and counts the tensors that the finalizer thread has released since the process started.</summary>
    public static long ReleasedTensors()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        AbandonProbe();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Volatile.Read(ref released);
    }

    // Not inlined, so that no register of the caller keeps the probe alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AbandonProbe() => _ = new Probe();

    private sealed class Probe
    {
        // TorchSharp's statistics are those of the thread that asks.
#pragma warning disable MA0055 // A finalizer is the only way onto its thread.
        ~Probe()
#pragma warning restore MA0055
        {
            var statistics = DisposeScopeManager.Statistics.TensorStatistics;
            Volatile.Write(ref released, statistics.DisposedInScopeCount + statistics.DisposedOutsideScopeCount);
        }
    }
}
