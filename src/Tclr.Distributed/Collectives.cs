using Tclr.Core;

namespace Tclr.Distributed;

/// <summary>Collectives for training on several processes, GPUs and machines.</summary>
public static class Collectives
{
    /// <summary>Whether a launcher started this process as one of several. Open MPI gives each of them a terminal of its own, so that a program should not draw progress bars then.</summary>
    public static bool IsLaunched
    {
        get
        {
            try
            {
                return Launcher.Find(Environment.GetEnvironmentVariable) is { Size: not 1 };
            }
            catch (CollectiveException)
            {
                return true;
            }
        }
    }

    /// <summary>Connects this process with the others that <c>mpirun</c>, <c>mpiexec</c> or <c>srun</c> started with it. Started by itself, it is the only rank.</summary>
    /// <remarks>
    /// <para>
    /// Call it once, at the start of the program, on every rank, and dispose the result at the end. Tensors on the CPU go through MPI
    /// (Open MPI, MPICH and its descendants, or a library with the binary interface of MPI 5; Linux only), tensors on GPUs through NCCL.
    /// Without a launcher no library is loaded.
    /// </para>
    /// <para>
    /// Tensors may be float32, float64, float16, bfloat16, int64 or uint8, of any size and layout. All ranks must make the same calls in the
    /// same order; each call is compared between the ranks before it is carried out. A call that waits longer than
    /// <see cref="CollectiveOptions.TimeLimit"/> ends the whole job with a message that names the rank and the call.
    /// </para>
    /// </remarks>
    /// <param name="options">Time limit and settings, equal on all ranks.</param>
    /// <returns>The collective. It throws <see cref="CollectiveException"/> if ranks make different calls or if MPI or NCCL report an error.</returns>
    /// <exception cref="CollectiveException">No MPI library is found, it does not belong to the launcher, or the ranks run different programs or versions or have different options.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <example><code>
    /// using var ranks = Collectives.FromLauncher();
    /// using var trainer = builder.Across(ranks).Build();
    /// </code></example>
    public static ICollective FromLauncher(CollectiveOptions? options = null)
    {
        options ??= new CollectiveOptions();
        OptionChecker.ThrowIfInvalid(options.Check, nameof(options));
        return Launcher.Find(Environment.GetEnvironmentVariable) is { Size: not 1 } launcher ? ProcessGroup.Join(launcher, options) : ICollective.Local;
    }
}
