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
internal sealed class FinalizerGate : IDisposable
{
    // So that a thread that waits for finalizers goes on, whatever happens here.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly Lock Gate = new();
    private static readonly ManualResetEventSlim Open = new(initialState: true);
    private static int holders;
    private bool released;

    private FinalizerGate()
    {
    }

    /// <summary>Holds back the finalizers of what is allocated from now on.</summary>
    /// <returns>Disposed to let them run.</returns>
    public static FinalizerGate Hold()
    {
        lock (Gate)
        {
            if (holders++ == 0)
            {
                Open.Reset();
            }
        }

        DropBarrier();
        return new FinalizerGate();
    }

    public void Dispose()
    {
        lock (Gate)
        {
            if (!released && --holders == 0)
            {
                Open.Set();
            }

            released = true;
        }
    }

    // Not inlined, so that no register holds the object.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DropBarrier() => _ = new Barrier();

#pragma warning disable MA0055 // The finalizer is the point here.
    private sealed class Barrier
    {
        ~Barrier() => Open.Wait(Longest);
    }
#pragma warning restore MA0055
}
