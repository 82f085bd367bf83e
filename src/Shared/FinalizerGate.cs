using System.Runtime.CompilerServices;

namespace Tclr;

/// <summary>Holds back finalizers while operators of libtorch are called.</summary>
/// <remarks>
/// TorchSharp 0.107 passes the handle of a <c>Scalar</c> to native code without keeping the object alive: a garbage collection between
/// the two lets the finalizer free a number that is about to be read, and the operator computes with another one or throws. Under
/// constant collections that was one call in 14,000 (2.9 million calls of <c>add_(1)</c>); in a run of days it happens.
/// The gate drops an object whose finalizer waits for the gate to open, and collects the youngest generation, so that the one finalizer
/// thread waits there before the first operator is called. That takes a fraction of a millisecond.
/// </remarks>
/// <param name="longest">How long finalizers wait at most, so that a thread that waits for finalizers goes on.</param>
internal sealed class FinalizerGate(TimeSpan longest)
{
    // A finalizer of somebody else's may take long; then the operators are called without the guard.
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(1);
    private static readonly FinalizerGate Shared = new(TimeSpan.FromSeconds(30));
    private readonly object gate = new();
    private int holders;

    // Counts the times that the gate was closed; after a wait that timed out, the gate counts as open until it is closed again.
    private int closings;
    private int expired;
    private int waiting;

    /// <summary>Holds back all finalizers.</summary>
    /// <returns>Disposed to let them run.</returns>
    public static IDisposable Hold() => Shared.Close();

    /// <inheritdoc cref="Hold"/>
    public IDisposable Close()
    {
        bool first;
        lock (gate)
        {
            first = holders++ == 0;
            closings += first ? 1 : 0;
        }

        if (first)
        {
            DropBarrier(this);
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        }

        lock (gate)
        {
            int now = closings;
            while (waiting != now && expired != now && closings == now && Monitor.Wait(gate, LongestStart))
            {
            }
        }

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

    // On the finalizer thread.
    private void Wait()
    {
        lock (gate)
        {
            int now = closings;
            if (holders == 0 || expired == now)
            {
                return;
            }

            waiting = now;
            Monitor.PulseAll(gate);
            long start = Environment.TickCount64;
            while (holders > 0 && closings == now)
            {
                var left = longest - TimeSpan.FromMilliseconds(Environment.TickCount64 - start);
                if (left <= TimeSpan.Zero)
                {
                    expired = now;
                    return;
                }

                Monitor.Wait(gate, left);
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
