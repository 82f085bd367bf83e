using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Testing;

/// <summary>A job of several ranks in one process, each on a thread of its own.</summary>
/// <remarks>
/// One rank runs at a time, from one exchange to the next, because libtorch has one random generator for all threads. An exchange that the
/// ranks enter with different methods, shapes or data types ends the job, as does a rank that leaves while others wait.
/// </remarks>
internal sealed class ThreadJob : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private readonly object gate = new();
    private readonly SemaphoreSlim turn = new(1);
    private readonly Tensor?[] parts;
    private readonly string?[] calls;
    private int arrived;
    private int exchanges;
    private Tensor? result;
    private string? ended;

    private ThreadJob(int size)
    {
        parts = new Tensor?[size];
        calls = new string?[size];
    }

    /// <summary>Runs the ranks of a job.</summary>
    /// <param name="size">Number of ranks.</param>
    /// <param name="rank">The program of a rank.</param>
    /// <returns>What each rank returned.</returns>
    /// <exception cref="AggregateException">A rank failed.</exception>
    public static T[] Run<T>(int size, Func<ICollective, T> rank)
    {
        var outcomes = Try(size, rank);
        return outcomes.Any(outcome => outcome.Error is not null)
            ? throw new AggregateException(outcomes.Select(outcome => outcome.Error).OfType<Exception>())
            : [.. outcomes.Select(outcome => outcome.Result!)];
    }

    /// <summary>Runs the ranks of a job, which may fail.</summary>
    public static (T? Result, Exception? Error)[] Try<T>(int size, Func<ICollective, T> rank)
    {
        using var job = new ThreadJob(size);
        return Task.WhenAll(Enumerable.Range(0, size).Select(number => Task.Factory.StartNew(() => job.RunRank(number, rank), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)))
            .GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        result?.Dispose();
        foreach (var part in parts)
        {
            part?.Dispose();
        }

        turn.Dispose();
    }

    private (T? Result, Exception? Error) RunRank<T>(int number, Func<ICollective, T> rank)
    {
        TakeTurn();
        try
        {
            using var scope = NewDisposeScope();
            return (rank(new Member(this, number)), null);
        }
        catch (Exception e)
        {
            return (default, e);
        }
        finally
        {
            lock (gate)
            {
                calls[number] = "left";
                ended = arrived > 0 ? ended ?? $"rank {number} left" : ended;
                Monitor.PulseAll(gate);
            }

            turn.Release();
        }
    }

    private void TakeTurn()
    {
        if (!turn.Wait(Longest))
        {
            throw new TimeoutException("the other ranks do not get on");
        }
    }

    private void End(string reason)
    {
        lock (gate)
        {
            ended ??= reason;
            Monitor.PulseAll(gate);
        }
    }

    // The last rank to come makes the result, which lives until the next one.
    private Tensor Exchange(int rank, string method, Tensor part, Func<Tensor[], Tensor> combine)
    {
        turn.Release();
        try
        {
            lock (gate)
            {
                parts[rank] = Own(part);
                calls[rank] = $"{method} {part.dtype} [{string.Join(", ", part.shape)}]";
                int number = exchanges;
                if (Array.IndexOf(calls, "left") is >= 0 and var gone)
                {
                    ended ??= $"rank {gone} left";
                }
                else if (calls.OfType<string>().Distinct(StringComparer.Ordinal).Count() > 1)
                {
                    ended ??= $"the ranks do not agree: {string.Join("; ", calls)}";
                }
                else if (!part.is_contiguous())
                {
                    ended ??= $"{calls[rank]} is not contiguous";
                }
                else if (++arrived == parts.Length)
                {
                    using var scope = NewDisposeScope();
                    result?.Dispose();
                    result = Own(combine(parts!));
                    Array.ForEach(parts, each => each!.Dispose());
                    Array.Clear(parts);
                    Array.Clear(calls);
                    (arrived, exchanges) = (0, exchanges + 1);
                }

                Monitor.PulseAll(gate);
                while (exchanges == number && ended is null)
                {
                    if (!Monitor.Wait(gate, Longest))
                    {
                        ended ??= $"rank {rank} waited too long in {calls[rank]}";
                    }
                }

                return exchanges > number ? result! : throw new JobEndedException(ended!);
            }
        }
        finally
        {
            TakeTurn();
        }
    }

    private static Tensor Own(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        return tensor.detach().clone().DetachFromDisposeScope();
    }

    private sealed class Member(ThreadJob job, int rank) : ICollective
    {
        public int Rank => rank;

        public int Size => job.parts.Length;

        public void AllReduce(Tensor tensor) => Fill(tensor, job.Exchange(rank, nameof(AllReduce), tensor, parts => parts.Aggregate((sum, next) => sum + next)));

        public Tensor AllGather(Tensor tensor)
        {
            using var scope = NewDisposeScope();
            return job.Exchange(rank, nameof(AllGather), tensor, parts => cat(parts, 0)).clone().MoveToOuterDisposeScope();
        }

        public void Broadcast(Tensor tensor) => Fill(tensor, job.Exchange(rank, nameof(Broadcast), tensor, parts => parts[0]));

        public void Barrier()
        {
            using var nothing = zeros(1);
            job.Exchange(rank, nameof(Barrier), nothing, parts => parts[0]);
        }

        public void Abort(string reason) => job.End(reason);

        public void Dispose()
        {
        }

        private static void Fill(Tensor tensor, Tensor values)
        {
            using var scope = NewDisposeScope();
            using var unrecorded = no_grad();
            tensor.copy_(values);
        }
    }
}

/// <summary>The job of a rank was ended, by itself or by another rank.</summary>
/// <param name="reason">The reason.</param>
internal sealed class JobEndedException(string reason) : Exception(reason);
