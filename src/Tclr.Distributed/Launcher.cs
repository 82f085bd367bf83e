using System.Globalization;
using Tclr.Distributed.Mpi;

namespace Tclr.Distributed;

/// <summary>The program that started this process as one of several, as told by environment variables.</summary>
/// <param name="Name">What started it, for messages.</param>
/// <param name="Rank">The number that it gave this process; <see langword="null"/> if unknown.</param>
/// <param name="Size">The number of processes; <see langword="null"/> if unknown.</param>
/// <param name="Families">The kinds of MPI that belong to it, the likeliest first.</param>
internal sealed record Launcher(string Name, int? Rank, int? Size, IReadOnlyList<MpiFamily> Families)
{
    private const string SlurmSize = "SLURM_STEP_NUM_TASKS";

    /// <summary>Finds the launcher.</summary>
    /// <param name="variable">Reads an environment variable.</param>
    /// <returns>The launcher; <see langword="null"/> if the process was started by itself.</returns>
    /// <exception cref="CollectiveException">Slurm started several processes without a way for MPI to connect them.</exception>
    public static Launcher? Find(Func<string, string?> variable)
    {
        if (Number("OMPI_COMM_WORLD_SIZE") is { } size)
        {
            return new Launcher("mpirun of Open MPI", Number("OMPI_COMM_WORLD_RANK"), size, [MpiFamily.OpenMpi, MpiFamily.Abi, MpiFamily.Mpich]);
        }

        if ((Number("PMI_RANK") ?? Number("PMI_SIZE")) is not null)
        {
            return new Launcher("mpiexec of MPICH, or srun", Number("PMI_RANK"), Number("PMI_SIZE"), [MpiFamily.Mpich, MpiFamily.Abi, MpiFamily.OpenMpi]);
        }

        if (Number("PMIX_RANK") is { } rank)
        {
            return new Launcher("a launcher that uses PMIx", rank, Number(SlurmSize), [MpiFamily.OpenMpi, MpiFamily.Mpich, MpiFamily.Abi]);
        }

        return Number(SlurmSize) is > 1 and var tasks
            ? throw new CollectiveException($"srun started {tasks} processes without MPI: start them with srun --mpi=pmix or srun --mpi=pmi2 (srun --mpi=list shows what there is).")
            : null;

        int? Number(string name) => int.TryParse(variable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
    }

    /// <summary>Why MPI's numbers are not those of the launcher; <see langword="null"/> if they are.</summary>
    public string? Contradiction(int rank, int size, string library)
        => (Size is { } processes && processes != size) || (Rank is { } number && number != rank)
            ? string.Create(CultureInfo.InvariantCulture, $"{Name} started this process as rank {Rank?.ToString(CultureInfo.InvariantCulture) ?? "?"} of {Size?.ToString(CultureInfo.InvariantCulture) ?? "?"}, but the MPI library makes it rank {rank} of {size}: launcher and library belong to different installations of MPI. Use the launcher of {library}.")
            : null;
}
