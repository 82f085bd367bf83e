using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace Tclr.Distributed.Tests.Worker;

/// <summary>Jobs of which one rank fails.</summary>
internal static class Faults
{
    // The others must notice, and not wait forever.
    private static readonly CollectiveOptions Impatient = new() { TimeLimit = TimeSpan.FromSeconds(10), ShareProcessors = false };

    /// <summary>Sums again and again, until something happens to a rank.</summary>
    public static void SumUntil(int rank, Action fault)
    {
        using var ranks = Collectives.FromLauncher(Impatient);
        using var values = ones(1000);
        for (int i = 0; ; i++)
        {
            if (i == 5 && ranks.Rank == rank)
            {
                Program.Say(ranks, "fault");
                fault();
            }

            ranks.AllReduce(values);
        }
    }

    /// <summary>A rank needs more memory than there is, and ends the job as a trainer does.</summary>
    public static void OutOfMemory()
    {
        using var ranks = Collectives.FromLauncher(Impatient);
        ranks.Barrier();
        if (ranks.Rank == 1)
        {
            try
            {
                zeros(1L << 50).Dispose();
            }
            catch (System.Runtime.InteropServices.ExternalException e)
            {
                ranks.Abort(e.Message.Split('\n')[0]);
            }
        }

        ranks.Barrier();
    }

    /// <summary>One rank ends the job, with a logger for its last message.</summary>
    public static void Abort()
    {
        using var ranks = Collectives.FromLauncher(Impatient with { Logger = new LastMessage() });
        ranks.Barrier();
        if (ranks.Rank == 1)
        {
            ranks.Abort("enough");
        }

        ranks.Barrier();
    }

    public static void Mismatch()
    {
        using var ranks = Collectives.FromLauncher();
        using var values = ones(2, 3);
        if (ranks.Rank == 1)
        {
            using var other = ones(3, 2);
            ranks.AllReduce(other);
        }
        else
        {
            ranks.AllReduce(values);
        }
    }

    public static void OtherVersion() => Collectives.FromLauncher(new CollectiveOptions { Seams = new CollectiveSeams { Program = $"Program {(IsRankOne ? 2 : 1)}.0.0" } }).Dispose();

    public static void OtherOptions() => Collectives.FromLauncher(new CollectiveOptions { ChunkBytes = IsRankOne ? 1 << 20 : 1 << 16 }).Dispose();

    /// <summary>Waits for SIGUSR1.</summary>
    public static void WaitForStop()
    {
        using var stop = new StopSignal();
        using var ranks = Collectives.FromLauncher(new CollectiveOptions { TimeLimit = Timeout.InfiniteTimeSpan });
        ranks.Barrier();
        Program.Say(ranks, "ready");
        bool stopped = stop.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(60));
        ranks.Barrier();
        Program.Say(ranks, stopped ? "stopped" : "forgotten");
    }

    public static void Alone()
    {
        using var ranks = Collectives.FromLauncher();
        Program.Say(ranks, $"alone of {ranks.Size}, MPI {(File.ReadLines("/proc/self/maps").Any(line => line.Contains("libmpi", StringComparison.Ordinal)) ? "loaded" : "not loaded")}");
    }

    private static bool IsRankOne => string.Equals(Environment.GetEnvironmentVariable("OMPI_COMM_WORLD_RANK"), "1", StringComparison.Ordinal);

    private sealed class LastMessage : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Console.Error.WriteLine($"logged {logLevel}: {formatter(state, exception)}");
            Coverage.Save();
        }
    }
}
