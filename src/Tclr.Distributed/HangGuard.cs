using System.Diagnostics;

namespace Tclr.Distributed;

/// <summary>Watches the collectives of this process from a thread of its own, and reports one that lasts too long.</summary>
internal sealed class HangGuard : IDisposable
{
    private static readonly TimeSpan LongestTick = TimeSpan.FromMilliseconds(500);

    private readonly TimeSpan limit, tick;
    private readonly Action<string> expired;
    private readonly ManualResetEventSlim ended = new();
    private readonly Thread thread;
    private volatile Watch? current;
    private volatile Func<TimeSpan, string?>? fault;

    /// <summary>Begins to watch.</summary>
    /// <param name="limit">The longest duration of a collective, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    /// <param name="expired">Called once, on the guard's thread, with what happened.</param>
    public HangGuard(TimeSpan limit, Action<string> expired)
    {
        this.limit = limit;
        this.expired = expired;
        tick = limit == Timeout.InfiniteTimeSpan || limit / 20 > LongestTick ? LongestTick : limit / 20;
        thread = new Thread(Run) { IsBackground = true, Name = "Tclr collectives" };
        thread.Start();
    }

    /// <summary>Reports also the faults of operations that run in the background: a function of the time between two calls, which returns a fault if there is one.</summary>
    public void Ask(Func<TimeSpan, string?> forFault) => fault = forFault;

    /// <summary>Watches a call, which its text names, until the result is disposed.</summary>
    public Watch Begin(object call)
    {
        var watch = new Watch(this, call);
        current = watch;
        return watch;
    }

    public void Dispose()
    {
        ended.Set();
        if (Thread.CurrentThread != thread)
        {
            thread.Join();
            ended.Dispose();
        }
    }

    private void Run()
    {
        long before = Stopwatch.GetTimestamp();
        while (!ended.Wait(tick))
        {
            // Time in which the whole job was suspended does not count.
            long now = Stopwatch.GetTimestamp();
            var passed = Stopwatch.GetElapsedTime(before, now);
            passed = passed < 2 * tick ? passed : 2 * tick;
            before = now;

            if ((current?.Expired(passed, limit) ?? fault?.Invoke(passed)) is { } message)
            {
                expired(message);
                return;
            }
        }
    }

    /// <summary>A call that is watched.</summary>
    internal sealed class Watch(HangGuard guard, object call) : IDisposable
    {
        private TimeSpan waited;

        public string? Expired(TimeSpan passed, TimeSpan limit)
        {
            waited += passed;
            return limit != Timeout.InfiniteTimeSpan && waited > limit ? FormattableString.Invariant($"waited {limit.TotalSeconds:0.###} s for the other ranks in {call}") : null;
        }

        public void Dispose() => guard.current = null;
    }
}
