using Tclr.Distributed.Mpi;
using static TorchSharp.torch;

namespace Tclr.Distributed.Nccl;

/// <summary>Exchanges memory of GPUs between the processes of a job. Operations are queued on the default stream, and this class watches when they end.</summary>
internal sealed class NcclCommunicator(NcclLibrary library, CudaEvents events) : ITransport, IDisposable
{
    private readonly Lock gate = new();
    private readonly Queue<Operation> running = new();
    private readonly Stack<nint> free = new();
    private TimeSpan limit;
    private nint comm, context;
    private bool ended;

    /// <summary>Connects the GPUs of all ranks, which must call it together.</summary>
    /// <param name="mpi">Hands out the identity of the communicator.</param>
    /// <param name="timeLimit">The longest duration of an operation, or <see cref="Timeout.InfiniteTimeSpan"/>.</param>
    public unsafe void Connect(MpiCommunicator mpi, TimeSpan timeLimit)
    {
        limit = timeLimit;
        var id = mpi.Rank == 0 ? library.CreateId() : default;
        mpi.Broadcast((nint)(&id), NcclUniqueId.Bytes, ScalarType.Byte);
        comm = library.Connect(mpi.Size, id, mpi.Rank);
        context = events.Context();
    }

    public void Sum(nint data, long count, ScalarType type) => Start($"AllReduce of {count} elements on the GPU", () => library.AllReduce(data, count, type, comm));

    public void Gather(nint data, nint result, long count, ScalarType type) => Start($"AllGather of {count} elements on the GPU", () => library.AllGather(data, result, count, type, comm));

    public void Broadcast(nint data, long count, ScalarType type) => Start($"Broadcast of {count} elements on the GPU", () => library.Broadcast(data, count, type, 0, comm));

    /// <summary>Looks for an operation that failed or that lasts too long. Called by a thread of its own.</summary>
    /// <param name="passed">The time since the call before.</param>
    /// <returns>What happened; <see langword="null"/> if all is well.</returns>
    public string? Fault(TimeSpan passed)
    {
        lock (gate)
        {
            if (ended)
            {
                return null;
            }

            try
            {
                events.Use(context);
                RemoveDone();
                if (library.AsyncError(comm) is { } error)
                {
                    return $"got an error of NCCL in {(running.TryPeek(out var first) ? first.Name : "the background")}: {error}";
                }
            }
            catch (CollectiveException e)
            {
                return $"got an error of CUDA: {e.Message}";
            }

            // The stream works in order: only the first one can wait for other ranks.
            if (limit == Timeout.InfiniteTimeSpan || !running.TryPeek(out var oldest))
            {
                return null;
            }

            oldest.Waited += passed;
            return oldest.Waited > limit ? FormattableString.Invariant($"waited {limit.TotalSeconds:0.###} s for the other ranks in {oldest.Name}") : null;
        }
    }

    /// <summary>Ends all operations at once. Any thread may call it.</summary>
    public void Abort()
    {
        if (!Interlocked.Exchange(ref ended, true))
        {
            library.Abort(comm);
        }
    }

    /// <summary>Waits until all operations are done, and disconnects.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref ended, true))
        {
            return;
        }

        while (running.Count > 0)
        {
            RemoveDone();
            Thread.Sleep(1);
        }

        foreach (nint instance in free)
        {
            events.Destroy(instance);
        }

        library.Destroy(comm);
    }

    private void Start(string name, Action enqueue)
    {
        lock (gate)
        {
            RemoveDone();
            enqueue();
            nint done = free.TryPop(out nint idle) ? idle : events.Create();
            events.Record(done);
            running.Enqueue(new Operation(name, done));
        }
    }

    private void RemoveDone()
    {
        while (running.TryPeek(out var first) && events.IsDone(first.Done))
        {
            free.Push(running.Dequeue().Done);
        }
    }

    private sealed class Operation(string name, nint done)
    {
        public string Name => name;

        public nint Done => done;

        public TimeSpan Waited { get; set; }
    }
}
