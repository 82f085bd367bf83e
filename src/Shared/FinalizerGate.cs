using System.Runtime.CompilerServices;

namespace Tclr;

/// <summary>Holds back finalizers while operators of libtorch are called.</summary>
/// <remarks>
/// TorchSharp 0.107 passes the handle of a <c>Scalar</c> to native code without keeping the object alive: a garbage collection between
/// the two lets the finalizer free a number that is about to be read, and the operator computes with another one or throws. Under
/// constant collections that was one call in 14,000 (2.9 million calls of <c>add_(1)</c>); in a run of days it happens.
/// Finalizers run in the order of allocation, so an object that is dropped before the numbers are made and whose finalizer waits
/// keeps theirs from running.
/// </remarks>
/// <param name="longest">How long finalizers wait at most, so that a thread that waits for finalizers goes on.</param>
internal sealed class FinalizerGate(TimeSpan longest)
{
    private static readonly FinalizerGate Shared = new(TimeSpan.FromSeconds(2));
    private readonly object gate = new();
    private int holders;

    // Counts the times that the gate was closed; after a wait that timed out, the gate counts as open until it is closed again.
    private int closings;
    private int expired;

    /// <summary>Holds back the finalizers of what is allocated from now on.</summary>
    /// <returns>Disposed to let them run.</returns>
    public static IDisposable Hold() => Shared.Close();

    /// <inheritdoc cref="Hold"/>
    public IDisposable Close()
    {
        lock (gate)
        {
            if (holders++ == 0)
            {
                closings++;
            }
        }

        DropBarrier(this);
        return new Holder(this);
    }

    // Not inlined, so that no register holds the object.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DropBarrier(FinalizerGate gate) => _ = new Barrier(gate);

    private void Leave()
    {
        lock (gate)
        {
            if (--holders == 0)
            {
                Monitor.PulseAll(gate);
            }
        }
    }

    private void Wait()
    {
        lock (gate)
        {
            // Only the one finalizer thread waits here, and it is woken once.
            if (holders > 0 && expired != closings && !Monitor.Wait(gate, longest))
            {
                expired = closings;
            }
        }
    }

    private sealed class Holder(FinalizerGate gate) : IDisposable
    {
        private FinalizerGate? held = gate;

        public void Dispose() => Interlocked.Exchange(ref held, null)?.Leave();
    }

#pragma warning disable MA0055 // The finalizer is the point here.
    private sealed class Barrier(FinalizerGate gate)
    {
        ~Barrier() => gate.Wait();
    }
#pragma warning restore MA0055
}
