using Tclr.Distributed.Mpi;

namespace Tclr.Distributed.Tests;

public sealed class LauncherTests
{
    [Test]
    public void A_process_started_by_itself_has_none()
        => Assert.That(Find(("PATH", "/bin"), ("SLURM_STEP_NUM_TASKS", "1"), ("PMI_RANK", "")), Is.Null);

    [Test]
    public void Each_launcher_is_known_by_its_variables()
    {
        var openMpi = Find(("OMPI_COMM_WORLD_SIZE", "4"), ("OMPI_COMM_WORLD_RANK", "3"), ("PMIX_RANK", "3"))!;
        var mpich = Find(("PMI_RANK", "1"), ("PMI_SIZE", "2"))!;
        var pmix = Find(("PMIX_RANK", "5"), ("SLURM_STEP_NUM_TASKS", "8"))!;

        Assert.That((openMpi.Rank, openMpi.Size, openMpi.Families[0]), Is.EqualTo((3, 4, MpiFamily.OpenMpi)));
        Assert.That((mpich.Rank, mpich.Size, mpich.Families[0]), Is.EqualTo((1, 2, MpiFamily.Mpich)));
        Assert.That((pmix.Rank, pmix.Size, pmix.Families[0]), Is.EqualTo((5, 8, MpiFamily.OpenMpi)));
    }

    [Test]
    public void Slurm_without_MPI_is_refused()
        => Assert.That(() => Find(("SLURM_STEP_NUM_TASKS", "8")), Throws.InstanceOf<CollectiveException>().With.Message.Contains("srun --mpi=pmix"));

    [Test]
    public void Numbers_that_differ_from_the_launchers_are_another_MPI()
    {
        var launcher = Find(("PMI_RANK", "1"), ("PMI_SIZE", "2"))!;

        Assert.That(launcher.Contradiction(1, 2, "MPI X"), Is.Null);
        Assert.That(launcher.Contradiction(0, 1, "MPI X"), Does.Contain("as rank 1 of 2, but the MPI library makes it rank 0 of 1").And.Contain("Use the launcher of MPI X"));
        Assert.That(Find(("PMIX_RANK", "1"))!.Contradiction(0, 1, "MPI X"), Does.Contain("rank 1 of ?"));
        Assert.That(Find(("PMIX_RANK", "1"))!.Contradiction(1, 8, "MPI X"), Is.Null);
    }

    private static Launcher? Find(params (string Name, string Value)[] variables)
        => Launcher.Find(name => variables.FirstOrDefault(variable => string.Equals(variable.Name, name, StringComparison.Ordinal)).Value);
}
