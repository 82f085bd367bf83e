using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Core.Tests;

/// <summary>The guard against numbers that TorchSharp's finalizers free while an operator reads them.</summary>
public sealed class FinalizerGateTests
{
    [Test]
    public void Numbers_of_a_held_call_outlive_it()
    {
        bool stop = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                for (int i = 0; i < 200; i++)
                {
                    Scalar number = 1.5;
                }

                GC.Collect(0);
            }
        });
        collector.Start();
        using var count = zeros(1, ScalarType.Int64);
        long calls = 0;
        try
        {
            // Without the gate, about one call in 14,000 failed here.
            for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(3);)
            {
                using var held = FinalizerGate.Hold();
                // Few, so that they take less time than finalizers wait, on a busy machine too.
                for (int i = 0; i < 100; i++, calls++)
                {
                    count.add_(1);
                }
            }
        }
        finally
        {
            Volatile.Write(ref stop, true);
            collector.Join();
        }

        Assert.That(count.item<long>(), Is.EqualTo(calls));
    }

    // Gates of their own, so that no test that runs beside these opens or closes them.
    [Test]
    public void Finalizers_wait_until_the_last_holder_is_gone()
    {
        var gate = new FinalizerGate(TimeSpan.FromMinutes(5));
        var first = gate.Close();
        var second = gate.Close();
        int finalized = 0;
        Drop(() => Interlocked.Increment(ref finalized));
        GC.Collect();
        first.Dispose();
        first.Dispose();

        // Gives a fault time to show.
        Thread.Sleep(50);
        int before = Volatile.Read(ref finalized);

        second.Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.That(before, Is.Zero, "the second holder is left");
        Assert.That(Volatile.Read(ref finalized), Is.EqualTo(1));
    }

    [Test]
    public void A_thread_that_waits_for_finalizers_goes_on()
    {
        var gate = new FinalizerGate(TimeSpan.FromMilliseconds(100));
        using var held = gate.Close();
        int finalized = 0;
        Drop(() => Interlocked.Increment(ref finalized));

        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.That(Volatile.Read(ref finalized), Is.EqualTo(1), "the wait has a limit");
    }

    [Test]
    public void Only_one_finalizer_waits_for_the_limit()
    {
        var gate = new FinalizerGate(TimeSpan.FromSeconds(3));
        var held = Enumerable.Range(0, 100).Select(_ => gate.Close()).ToArray();
        var watch = Stopwatch.StartNew();

        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(150)), "a hundred waits take 300 s");
        foreach (var holder in held)
        {
            holder.Dispose();
        }
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Drop(Action finalized) => _ = new Finalizable(finalized);

#pragma warning disable MA0055 // The finalizer is what is tested.
    private sealed class Finalizable(Action finalized)
    {
        ~Finalizable() => finalized();
    }
#pragma warning restore MA0055
}
