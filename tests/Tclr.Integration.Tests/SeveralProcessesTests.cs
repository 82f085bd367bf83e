using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Tclr.Core;

namespace Tclr.Integration.Tests;

/// <summary>The pre-training program as two processes under <c>mpirun</c>, and what is left when one of them is killed.</summary>
public sealed class SeveralProcessesTests
{
    private const int Steps = 24;

    private TemporaryFolder folder = null!;
    private string launcher = null!;

    [SetUp]
    public void Make()
    {
        launcher = MpiLauncher.Find(MpiLauncher.OpenMpi);
        folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["scratch"]);
        MovingSquares.Write(folder["videos"], videos: 12);
    }

    [TearDown]
    public void Remove() => folder?.Dispose();

    [Test]
    [CancelAfter(600_000)]
    public async Task A_run_of_two_processes_whose_second_is_killed_resumes_bit_for_bit(CancellationToken cancellationToken)
    {
        var straight = await Program.EndAsync(Start("straight"));
        Assert.That(straight.ExitCode, Is.Zero, straight.ToString());
        Assert.That(straight.Output.Split("Done: "), Has.Length.EqualTo(2), $"one process shows: {straight}");

        using (var process = Start("killed"))
        {
            var end = Program.EndAsync(process);
            while (!end.IsCompleted && LastStep("killed") < 3)
            {
                await Task.Delay(5, cancellationToken);
            }

            Kill(SecondOf(process.Id));
            var killed = await end;
            Assert.That(killed.ExitCode, Is.Not.Zero, killed.ToString());
        }

        var checkpoint = Newest("killed");
        checkpoint.Verify();
        Assert.That(checkpoint.Step, Is.InRange(3, Steps - 1));
        var resumed = await Program.EndAsync(Start("killed", Steps, "--resume"));

        Assert.That(resumed.ExitCode, Is.Zero, resumed.ToString());
        foreach (string file in new[] { "encoder.safetensors", "head.safetensors", "optimizer.safetensors" })
        {
            Assert.That(await File.ReadAllBytesAsync(Path.Combine(Newest("killed").Folder, file), cancellationToken), Is.EqualTo(await File.ReadAllBytesAsync(Path.Combine(Newest("straight").Folder, file), cancellationToken)), file);
        }
    }

    [Test]
    [CancelAfter(600_000)]
    public async Task SIGUSR1_to_the_launcher_stops_all_with_a_checkpoint(CancellationToken cancellationToken)
    {
        using var process = Start("run");
        var end = Program.EndAsync(process);
        while (!end.IsCompleted && LastStep("run") < 1)
        {
            await Task.Delay(5, cancellationToken);
        }

        await Program.RunAsync(folder.Path, null, "kill", "-USR1", process.Id.ToString(CultureInfo.InvariantCulture));
        var outcome = await end;

        Newest("run").Verify();
        Assert.That(outcome.Output, Does.Contain($"Stopped at step {Newest("run").Step} of {Steps}"), outcome.ToString());
    }

    // Passes of two videos on both sides, so that batch statistics are the same.
    [Test]
    public async Task Two_processes_compute_the_losses_of_one()
    {
        (TclrRecipes.Tiny() with { VideosPerPass = 2 }).Save(folder["passes.json"]);
        var one = await Program.RunAsync(folder.Path, null, "dotnet", [.. Arguments("one", steps: 3), "--recipe", "passes.json"]);
        var two = await Program.EndAsync(Start("two", steps: 3, "--recipe", "passes.json"));

        Assert.That(one.ExitCode, Is.Zero, one.ToString());
        Assert.That(two.ExitCode, Is.Zero, two.ToString());
        Assert.That(Losses("one"), Has.Length.EqualTo(3));
        Assert.That(Losses("two"), Is.EqualTo(Losses("one")).Within(0.1).Percent);
    }

    [Test]
    public async Task An_error_is_reported_once()
    {
        Directory.Delete(folder["videos"], recursive: true);
        var outcome = await Program.EndAsync(Start("run"));

        Assert.That(outcome.ExitCode, Is.Not.Zero, outcome.ToString());
        Assert.That(outcome.ToString().Split("tclr pretrain: "), Has.Length.EqualTo(2), outcome.ToString());
    }

    private Process Start(string output, int steps = Steps, params string[] more) => Program.Start(
        folder.Path, MpiLauncher.Environment(folder["scratch"]), launcher,
        ["-n", "2", "dotnet", .. Arguments(output, steps), .. more]);

    private static string[] Arguments(string output, int steps)
        => [.. Program.Pretrain, "--videos", "videos", "--out", output, "--batch", "4", "--steps", $"{steps}", "--checkpoint-every", "3", "--threads", "1", "--workers", "1"];

    private double[] Losses(string run)
        => [.. File.ReadLines(folder[$"{run}/metrics.jsonl"]).Select(line => JsonNode.Parse(line)!).Where(line => line["loss"] is not null).Select(line => (double)line["loss"]!)];

    private Checkpoint Newest(string output) => Checkpoint.Open(new CheckpointStore(folder[output + "/checkpoints"]).Newest!);

    private int LastStep(string output) => (int)(new CheckpointStore(folder[output + "/checkpoints"]).Newest is { } newest ? long.Parse(Path.GetFileName(newest)["step-".Length..], CultureInfo.InvariantCulture) : 0);

    // The child of the launcher whose rank is 1.
    private static int SecondOf(int launcher) => Directory.EnumerateDirectories("/proc")
        .Select(path => (Id: int.TryParse(Path.GetFileName(path), out int id) ? id : 0, Path: path))
        .First(process => process.Id > 0 && Read(process.Path, "stat").Split(") ")[^1].Split(' ') is [_, var parent, ..] && string.Equals(parent, launcher.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            && Read(process.Path, "environ").Split('\0').Contains("OMPI_COMM_WORLD_RANK=1")).Id;

    private static string Read(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ") ? 0";
        }
    }

    private static void Kill(int id)
    {
        using var process = Process.GetProcessById(id);
        process.Kill();
    }
}
