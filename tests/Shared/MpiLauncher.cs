namespace Tclr.Testing;

/// <summary>The launchers of two MPI libraries, and how they run several processes on any machine.</summary>
internal static class MpiLauncher
{
    public const string OpenMpi = "mpirun.openmpi", Mpich = "mpiexec.mpich";

    /// <summary>The path of a launcher. Skips the test if it is not installed.</summary>
    public static string Find(string launcher)
    {
        string? path = (System.Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Select(directory => Path.Combine(directory, launcher)).FirstOrDefault(File.Exists);
        if (path is null)
        {
            Assert.Ignore($"{launcher} is not installed (Debian: apt-get install {(string.Equals(launcher, Mpich, StringComparison.Ordinal) ? "mpich" : "openmpi-bin")})");
        }

        return path!;
    }

    /// <summary>Variables for one machine without a network, as root, in a container, with more processes than processors.</summary>
    /// <param name="folder">A folder for files of the job, which killed processes leave behind.</param>
    public static Dictionary<string, string> Environment(string folder) => new(StringComparer.Ordinal)
    {
        ["OMPI_ALLOW_RUN_AS_ROOT"] = "1",
        ["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1",
        ["OMPI_MCA_btl"] = "self,vader",
        ["OMPI_MCA_btl_vader_single_copy_mechanism"] = "none",
        ["OMPI_MCA_btl_vader_backing_directory"] = folder,
        ["OMPI_MCA_oob_tcp_if_include"] = "lo",
        ["OMPI_MCA_rmaps_base_oversubscribe"] = "1",
        ["OMPI_MCA_hwloc_base_binding_policy"] = "none",
        ["OMPI_MCA_mpi_yield_when_idle"] = "1",
        ["FI_PROVIDER"] = "tcp",
        ["FI_TCP_IFACE"] = "lo",
    };
}
