using Microsoft.Extensions.Logging;

namespace Tclr.Distributed;

/// <summary>Options of <see cref="Collectives.FromLauncher"/>. They must be equal on all ranks.</summary>
public sealed record CollectiveOptions
{
    /// <summary>How long a rank waits for the others in one collective before it ends the job, 100 ms or more; 10 minutes by default. <see cref="Timeout.InfiniteTimeSpan"/> waits forever.</summary>
    /// <remarks>
    /// It must exceed the longest time by which one rank can be behind another, such as the time to scan a data set or to write a checkpoint.
    /// The start of the job may take 5 minutes if the limit is shorter. Rank <c>r</c> waits <c>min(r, 8)</c> quarters of a second longer, so that one rank reports the fault.
    /// </remarks>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Size in bytes of the pieces in which MPI sums a tensor, 4 KiB to 1 GiB; 256 KiB by default.</summary>
    /// <remarks>Pieces that fit into the processor's cache are faster. The size may change how sums are rounded: keep it for a whole run.</remarks>
    public int ChunkBytes { get; init; } = 1 << 18;

    /// <summary>Whether each process sees one GPU, that of its number on the node, as <c>cuda:0</c>; <see langword="true"/> by default.</summary>
    /// <remarks>
    /// Sets <c>CUDA_VISIBLE_DEVICES</c>, unless the launcher has set it to one device or none. This has an effect only before the first use of
    /// CUDA: call <see cref="Collectives.FromLauncher"/> first.
    /// </remarks>
    public bool BindDevice { get; init; } = true;

    /// <summary>Whether the processes of a node divide its processors between their torch threads; <see langword="true"/> by default.</summary>
    /// <remarks>Calls <c>torch.set_num_threads</c>, unless the variable <c>OMP_NUM_THREADS</c> is set. A trainer's <c>WithThreads</c> takes precedence.</remarks>
    public bool ShareProcessors { get; init; } = true;

    /// <summary>Gets the last message before a job is ended; <see langword="null"/> (the default) writes it to the standard error.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>What tests replace.</summary>
    internal CollectiveSeams Seams { get; init; } = new();

    internal void Check(OptionChecker check)
    {
        check.Require(TimeLimit == Timeout.InfiniteTimeSpan || TimeLimit >= TimeSpan.FromMilliseconds(100), TimeLimit, "100 ms or more, or Timeout.InfiniteTimeSpan", nameof(TimeLimit));
        check.Between(ChunkBytes, 1 << 12, 1 << 30, nameof(ChunkBytes));
    }

    /// <summary>What must be equal on all ranks.</summary>
    internal IEnumerable<string> Settings(string library) =>
    [
        Seams.Program,
        library,
        FormattableString.Invariant($"{nameof(TimeLimit)} {TimeLimit}"),
        FormattableString.Invariant($"{nameof(ChunkBytes)} {ChunkBytes}"),
    ];
}
