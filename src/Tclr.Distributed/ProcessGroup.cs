using System.Diagnostics;
using System.Globalization;
using Tclr.Core;
using Tclr.Distributed.Mpi;
using Tclr.Distributed.Native;
using Tclr.Distributed.Nccl;
using static TorchSharp.torch;

namespace Tclr.Distributed;

/// <summary>The processes that a launcher started, connected by MPI and, for tensors on GPUs, by NCCL.</summary>
internal sealed class ProcessGroup : ICollective
{
    // How long the ranks whose message another one gives wait to be ended.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ShortestStart = TimeSpan.FromMinutes(5);

    private readonly Lock gate = new();
    private readonly CollectiveOptions options;
    private readonly MpiLibrary library;
    private readonly MpiCommunicator mpi;
    private readonly HangGuard guard;
    private NcclCommunicator? nccl;
    private NodeProcess[] processes = [];
    private volatile object last = "the start";
    private string? failure;
    private bool silent;
    private long calls;
    private bool disposed;

    private ProcessGroup(MpiLibrary library, CollectiveOptions options)
    {
        this.library = library;
        this.options = options;
        mpi = new MpiCommunicator(library, options.ChunkBytes, options.Seams.MessageBytes);

        // One rank reports what all see at the same time.
        guard = new HangGuard(options.TimeLimit == Timeout.InfiniteTimeSpan ? options.TimeLimit : options.TimeLimit + TimeSpan.FromSeconds(0.25 * Math.Min(Rank, 8)), Expired);
    }

    public int Rank => mpi.Rank;

    public int Size => mpi.Size;

    private string Name => string.Create(CultureInfo.InvariantCulture, $"rank {Rank} of {Size}");

    /// <summary>Connects this process with the others.</summary>
    /// <exception cref="CollectiveException">It cannot be connected, or does not fit the others.</exception>
    public static ProcessGroup Join(Launcher launcher, CollectiveOptions options)
    {
        // UCX would take over the signal by which .NET notices null references. It reads the variable when MPI is loaded.
        LibC.SetVariable("UCX_ERROR_SIGNALS", string.Empty);
        var loaded = MpiLibrary.Load(launcher);
        using (var start = new HangGuard(StartLimit(options), message => Kill(options, $"a process of {launcher.Name} {message}")))
        using (start.Begin("MPI_Init_thread"))
        {
            loaded.Initialize();
        }

        if (launcher.Contradiction(loaded.Rank(loaded.Handles.World), loaded.Size(loaded.Handles.World), loaded.Version) is { } contradiction)
        {
            loaded.End();
            AwaitEnd(launcher.Rank is > 0);
            throw new CollectiveException(contradiction);
        }

        var group = new ProcessGroup(loaded, options);
        try
        {
            group.Introduce();
            return group;
        }
        catch
        {
            group.Dispose();
            AwaitEnd(group.silent);
            throw;
        }
    }

    public void AllReduce(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        bool onGpu = Check(tensor, nameof(AllReduce));
        var sums = tensor.detach().to(onGpu ? tensor.dtype : MpiCommunicator.SumType(tensor.dtype)).contiguous();
        Run(nameof(AllReduce), tensor, onGpu, transport => transport.Sum(TensorMemory.Address(sums), sums.numel(), sums.dtype));
        if (TensorMemory.Address(sums) != TensorMemory.Address(tensor))
        {
            tensor.copy_(sums);
        }
    }

    public Tensor AllGather(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        bool onGpu = Check(tensor, nameof(AllGather));
        if (tensor.dim() == 0)
        {
            throw new ArgumentException($"{nameof(AllGather)}: expected rows [n, ...], got a tensor without dimensions", nameof(tensor));
        }

        var mine = tensor.detach().contiguous();
        var all = empty([Size * tensor.shape[0], .. tensor.shape[1..]], tensor.dtype, tensor.device);
        Run(nameof(AllGather), tensor, onGpu, transport => transport.Gather(TensorMemory.Address(mine), TensorMemory.Address(all), mine.numel(), mine.dtype));
        return all.MoveToOuterDisposeScope();
    }

    public void Broadcast(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        using var unrecorded = no_grad();
        bool onGpu = Check(tensor, nameof(Broadcast));
        var values = tensor.detach().contiguous();
        Run(nameof(Broadcast), tensor, onGpu, transport => transport.Broadcast(TensorMemory.Address(values), values.numel(), values.dtype));
        if (TensorMemory.Address(values) != TensorMemory.Address(tensor))
        {
            tensor.copy_(values);
        }
    }

    public void Barrier() => Run(nameof(Barrier), null, onGpu: false, _ => mpi.Barrier());

    public void Abort(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        End($"{Name} ended the job after {last}: {reason}");
    }

    public void Dispose()
    {
        lock (gate)
        {
            if (disposed)
            {
                return;
            }

            disposed = true;
            var call = new CollectiveCall(CollectiveCall.Leave, ++calls, null, [], OnGpu: false);
            try
            {
                // If the others do not leave too, this rank is leaving because of an error, which must not wait for them. Its end then ends theirs.
                using var watch = guard.Begin(call);
                if (failure is null && Differing(call) is null)
                {
                    nccl?.Dispose();
                    library.End();
                }
            }
            catch (CollectiveException e)
            {
                Say(options, $"{Name}, {call}: {e.Message}");
            }
            finally
            {
                guard.Dispose();
            }
        }
    }

    // Where all ranks see an error at the same time, one throws it and so ends the job; else the message would appear many times.
    private static void AwaitEnd(bool silent)
    {
        if (silent)
        {
            Thread.Sleep(Patience);
        }
    }

    // The ranks need not start at the same time.
    private static TimeSpan StartLimit(CollectiveOptions options) => options.TimeLimit == Timeout.InfiniteTimeSpan || options.TimeLimit > ShortestStart ? options.TimeLimit : ShortestStart;

    private static void Say(CollectiveOptions options, string message)
    {
        if (options.Logger is { } logger)
        {
            CollectiveLog.Ended(logger, message);
        }
        else
        {
            // The process ends now: nobody else can report why.
#pragma warning disable RS0030
            Console.Error.WriteLine($"Tclr.Distributed: {message}");
#pragma warning restore RS0030
        }
    }

    private static void Kill(CollectiveOptions options, string message)
    {
        Say(options, message);
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }

    // Compares what must be equal, and shares the node's GPUs and processors.
    private void Introduce()
    {
        using var start = new HangGuard(StartLimit(options), Expired);
        using var watch = start.Begin("the exchange of versions and options");
        string[] settings = mpi.Gather(string.Join('\n', options.Settings(library.Version)));
        if (Array.FindIndex(settings, text => !string.Equals(text, settings[0], StringComparison.Ordinal)) is var other and >= 0)
        {
            var (theirs, first) = settings[other].Split('\n').Zip(settings[0].Split('\n')).First(pair => !string.Equals(pair.First, pair.Second, StringComparison.Ordinal));
            failure = FormattableString.Invariant($"rank {other} has {theirs}, but rank 0 has {first}. Start the same program with the same options on all ranks.");
            silent = Rank != 0;
            throw new CollectiveException(failure);
        }

        processes = [.. mpi.Gather(NodeProcess.Current().Text()).Select(NodeProcess.Parse)];
        var node = new NodeShare(processes, Rank);
        ThrowIfAny(options.BindDevice ? node.BindDevice(Environment.GetEnvironmentVariable) : null);
        if (options.ShareProcessors)
        {
            node.ShareProcessors(Environment.GetEnvironmentVariable);
        }
    }

    private bool Check(Tensor tensor, string caller)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.dtype is not (ScalarType.Float32 or ScalarType.Float64 or ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Int64 or ScalarType.Byte))
        {
            throw new ArgumentException($"{caller}: expected a tensor of float32, float64, float16, bfloat16, int64 or uint8, got {tensor.dtype}", nameof(tensor));
        }

        bool onGpu = options.Seams.IsOnGpu(tensor);
        return onGpu || tensor.device.type == TorchSharp.DeviceType.CPU ? onGpu : throw new ArgumentException($"{caller}: expected a tensor on the CPU or on a CUDA device, got {tensor.device}", nameof(tensor));
    }

    private void Run(string operation, Tensor? tensor, bool onGpu, Action<ITransport> work)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (failure is not null)
            {
                throw new CollectiveException($"{operation}: the collective cannot be used after an error. {failure}");
            }

            var call = new CollectiveCall(operation, ++calls, tensor?.dtype, tensor?.shape ?? [], onGpu);
            try
            {
                using var watch = guard.Begin(call);
                if (Differing(call) is var (other, theirs))
                {
                    bool left = theirs.StartsWith(CollectiveCall.Leave, StringComparison.Ordinal);
                    silent = Rank > (left && other == 0 ? 1 : 0);
                    throw new CollectiveException(FormattableString.Invariant(
                        $"rank {other} {(left ? $"left ({theirs}): look for its error." : $"calls {theirs}. All ranks must make the same calls in the same order, with the same shapes and data types.")}"));
                }

                if (tensor?.numel() != 0)
                {
                    work(onGpu ? nccl ??= ConnectGpus() : mpi);
                }

                last = call;
            }
            catch (CollectiveException e)
            {
                failure = $"{Name}, {call}: {e.Message}";
                AwaitEnd(silent);
                throw new CollectiveException(failure, e);
            }
        }
    }

    // The first rank that calls something else, and what; null if there is none. All ranks get a result that is not null, or none does.
    private (int Rank, string Call)? Differing(CollectiveCall call)
    {
        // The greatest of x and of -x over the ranks are opposites if x is the same on all.
        Span<long> greatest = stackalloc long[2 * CollectiveCall.FieldCount];
        var fields = greatest[..CollectiveCall.FieldCount];
        var opposites = greatest[CollectiveCall.FieldCount..];
        call.Fields(fields);
        for (int i = 0; i < fields.Length; i++)
        {
            opposites[i] = -fields[i];
        }

        mpi.Max(greatest);
        bool equal = true;
        for (int i = 0; i < fields.Length; i++)
        {
            equal &= fields[i] == -opposites[i];
        }

        if (equal)
        {
            return null;
        }

        string mine = call.ToString();
        string[] all = mpi.Gather(mine);
        int other = Array.FindIndex(all, text => !string.Equals(text, mine, StringComparison.Ordinal));
        return (other, all[other]);
    }

    private void ThrowIfAny(string? problem)
    {
        string[] problems = mpi.Gather(problem ?? string.Empty);
        if (Array.FindIndex(problems, text => text.Length > 0) is var first and >= 0)
        {
            failure = FormattableString.Invariant($"rank {first}: {problems[first]}");
            silent = Rank != 0;
            throw new CollectiveException(failure);
        }
    }

    // All ranks come here together, at the first tensor on a GPU.
    private NcclCommunicator ConnectGpus()
    {
        NcclCommunicator? made = null;
        string? problem = null;
        try
        {
            made = options.Seams.CreateNccl();
        }
        catch (CollectiveException e)
        {
            problem = e.Message;
        }

        ThrowIfAny(problem);
        made!.Connect(mpi, options.TimeLimit);
        guard.Ask(made.Fault);
        return made;
    }

    private void Expired(string message)
        => End(string.Concat(processes.Index().Where(other => other.Index != Rank).Select(other => (other.Index, other.Item, State: other.Item.Standstill(processes[Rank])))
            .Where(other => other.State is not null)
            .Select(other => FormattableString.Invariant($"; rank {other.Index} (process {other.Item.Id} on {other.Item.Host}) {other.State}"))
            .Prepend($"{Name} {message}")));

    private void End(string message)
    {
        Say(options, message);

        // The main thread may be within MPI or NCCL, and ending the others may fail too.
        var thread = new Thread(() =>
        {
            nccl?.Abort();
            library.Abort(1);
        })
        { IsBackground = true };
        thread.Start();
        thread.Join(Patience);
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
