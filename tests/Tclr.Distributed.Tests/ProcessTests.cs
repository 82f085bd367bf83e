namespace Tclr.Distributed.Tests;

/// <summary>Jobs of several processes, on real MPI libraries.</summary>
public sealed class ProcessTests
{
    [TestCase(2, MpiLauncher.OpenMpi)]
    [TestCase(4, MpiLauncher.OpenMpi)]
    [TestCase(2, MpiLauncher.Mpich)]
    public async Task Every_operation_gives_what_the_tensors_of_all_ranks_say(int processes, string launcher)
    {
        var (code, output) = await MpiRun.RunAsync(processes, "operations", launcher);

        Assert.That(code, Is.Zero, output);
        Assert.That(output.Split($"done of {processes}"), Has.Length.EqualTo(processes + 1), output);
    }

    [Test]
    public async Task Tensors_on_GPUs_go_through_NCCL_and_the_others_through_MPI()
    {
        var (code, output) = await MpiRun.RunAsync(2, "gpu");

        Assert.That(code, Is.Zero, output);
        Assert.That(output.Split("done of 2"), Has.Length.EqualTo(3), output);
    }

    [Test]
    public async Task A_frozen_rank_ends_the_job_with_a_message_that_names_it()
    {
        string output = await FailAsync(2, "freeze");

        Assert.That(output, Does.Match(@"Tclr\.Distributed: rank 0 of 2 waited 10 s for the other ranks in AllReduce no\. 6 \(Float32 \[1000\]\); rank 1 \(process \d+ on \S+\) is stopped"));
        Assert.That(output.Split("Tclr.Distributed:"), Has.Length.EqualTo(2), "one message");
    }

    [Test]
    public async Task A_killed_rank_ends_the_job()
    {
        string output = await FailAsync(4, "kill");

        Assert.That(output, Does.Contain("process rank 1").And.Contain("signal 9"));
    }

    [Test]
    public async Task An_exception_on_one_rank_does_not_wait_for_the_others()
    {
        string output = await FailAsync(2, "throw");

        Assert.That(output, Does.Contain("InvalidDataException: the disk is gone"));
    }

    [Test]
    public async Task A_rank_without_memory_ends_the_job_with_one_message()
    {
        string output = await FailAsync(4, "memory");

        Assert.That(output, Does.Match(@"Tclr\.Distributed: rank 1 of 4 ended the job after Barrier no\. 1: .*memory"));
        Assert.That(output.Split("Tclr.Distributed:"), Has.Length.EqualTo(2), "one message");
    }

    [Test]
    public async Task A_logger_gets_the_last_message()
    {
        string output = await FailAsync(2, "abort");

        Assert.That(output, Does.Contain("logged Critical: rank 1 of 2 ended the job after Barrier no. 1: enough"));
        Assert.That(output, Does.Not.Contain("Tclr.Distributed:"));
    }

    [Test]
    public async Task Different_calls_are_an_error_and_not_a_wrong_result()
    {
        string output = await FailAsync(2, "mismatch");

        Assert.That(output, Does.Contain("rank 0 of 2, AllReduce no. 1 (Float32 [2,3]): rank 1 calls AllReduce no. 1 (Float32 [3,2])"));
    }

    [TestCase("version", "rank 1 has Program 2.0.0, but rank 0 has Program 1.0.0.")]
    [TestCase("options", "rank 1 has ChunkBytes 1048576, but rank 0 has ChunkBytes 65536.")]
    public async Task Other_versions_and_options_are_refused(string scenario, string message)
    {
        string output = await FailAsync(2, scenario);

        Assert.That(output, Does.Contain(message));
    }

    [Test]
    public async Task SIGUSR1_to_the_launcher_stops_all_ranks()
    {
        using var run = MpiRun.Start(2, "stop");
        await run.WaitForAsync("ready", 2);
        Signals.Send(run.Id, Signals.User1);
        var (code, output) = await run.EndAsync();

        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain("[0] stopped").And.Contain("[1] stopped"));
    }

    [Test]
    public async Task Without_a_launcher_there_is_one_rank_and_MPI_is_not_loaded()
    {
        using var run = MpiRun.StartAlone("alone");
        var (code, output) = await run.EndAsync();

        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain("[0] alone of 1, MPI not loaded"));
    }

    [TestCase("1", false)]
    [TestCase("2", true)]
    public async Task One_of_several_processes_is_launched(string processes, bool launched)
    {
        // srun without MPI, with which the processes cannot be connected.
        using var run = MpiRun.StartAlone("launched", ("SLURM_STEP_NUM_TASKS", processes));
        var (code, output) = await run.EndAsync();

        Assert.That(code, Is.Zero, output);
        Assert.That(output, Does.Contain($"launched: {launched}"));
    }

    [Test]
    public async Task A_launcher_of_another_MPI_is_refused()
    {
        if (!System.Runtime.InteropServices.NativeLibrary.TryLoad("libmpi.so.40", out _))
        {
            Assert.Ignore("Open MPI is not installed (Debian: apt-get install openmpi-bin)");
        }

        // What Open MPI sees if another launcher started it: nothing but itself.
        using var run = MpiRun.StartAlone("alone", ("OMPI_COMM_WORLD_SIZE", "2"), ("OMPI_COMM_WORLD_RANK", "0"));
        var (code, output) = await run.EndAsync();

        Assert.That(code, Is.Not.Zero, output);
        Assert.That(output, Does.Contain("as rank 0 of 2, but the MPI library makes it rank 0 of 1").And.Contain("Use the launcher of Open MPI"));
    }

    private static async Task<string> FailAsync(int processes, string scenario)
    {
        var (code, output) = await MpiRun.RunAsync(processes, scenario);
        Assert.That(code, Is.Not.Zero, output);
        return output;
    }
}
