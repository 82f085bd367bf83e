using System.Diagnostics;
using System.Text.Json.Nodes;
using Tclr.Core;

namespace Tclr.Integration.Tests;

/// <summary>The pre-training program as its users run it, and as machines end it.</summary>
public sealed class PretrainTests
{
    private const int Kills = 20;
    private const int Steps = 240;

    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make()
    {
        folder = new TemporaryFolder();
        MovingSquares.Write(folder["videos"], videos: 12);
    }

    [TearDown]
    public void Remove() => folder.Dispose();

    // SIGKILL at random moments, every other one while a checkpoint is being written; each time other numbers of workers go on.
    [Test]
    [CancelAfter(900_000)]
    public async Task A_run_that_is_killed_twenty_times_ends_with_the_same_bits_as_one_that_never_stopped(CancellationToken cancellationToken)
    {
        var straight = await RunAsync("straight", "--workers", "1");
        Assert.That(straight.ExitCode, Is.Zero, straight.ToString());
        var random = CounterRandom.For(2026);
        int kills = 0, duringCheckpoint = 0;
        while (kills < Kills)
        {
            bool midCheckpoint = kills % 2 == 1;
            using var process = Start("killed", "--resume", "--workers", $"{1 + random.NextInt32(0, 3)}");
            var end = Program.EndAsync(process);
            long before = LastStep("killed");
            await WaitUntil(() => end.IsCompleted || LastStep("killed") > before, cancellationToken);
            if (midCheckpoint)
            {
                await WaitUntil(() => end.IsCompleted || Unfinished("killed"), cancellationToken);
            }
            else
            {
                await Task.Delay(random.NextInt32(0, 250), cancellationToken);
            }

            if (end.IsCompleted)
            {
                Assert.Fail($"the run ended after {kills} kills: {await end}");
            }

            process.Kill();
            await end;
            kills++;
            duringCheckpoint += Unfinished("killed") ? 1 : 0;
        }

        var last = await RunAsync("killed", "--resume", "--workers", "2");

        TestContext.Out.WriteLine($"killed at steps up to {LastStep("killed")}, {duringCheckpoint} times in the midst of a checkpoint");
        Assert.That(last.ExitCode, Is.Zero, last.ToString());
        Assert.That(duringCheckpoint, Is.Positive);
        var expected = Checkpoint.Open(new CheckpointStore(folder["straight/checkpoints"]).Newest!);
        var found = Checkpoint.Open(new CheckpointStore(folder["killed/checkpoints"]).Newest!);
        Assert.That(found.Step, Is.EqualTo(Steps));
        Assert.That(found.EpochLosses, Is.EqualTo(expected.EpochLosses));
        foreach (string file in new[] { "encoder.safetensors", "head.safetensors", "optimizer.safetensors" })
        {
            Assert.That(await File.ReadAllBytesAsync(Path.Combine(found.Folder, file), cancellationToken), Is.EqualTo(await File.ReadAllBytesAsync(Path.Combine(expected.Folder, file), cancellationToken)), file);
        }

        Assert.That(Numbers("killed"), Is.EqualTo(Numbers("straight")));
    }

    [Test]
    public async Task SIGTERM_finishes_the_step_saves_a_checkpoint_and_says_how_to_go_on()
    {
        using var process = Start("run");
        var end = Program.EndAsync(process);
        await WaitUntil(() => end.IsCompleted || LastStep("run") > 0, CancellationToken.None);

        await Program.RunAsync(folder.Path, null, "kill", "-TERM", $"{process.Id}");
        var outcome = await end;

        var checkpoint = Checkpoint.Open(new CheckpointStore(folder["run/checkpoints"]).Newest!);
        checkpoint.Verify();
        Assert.That(outcome.ExitCode, Is.EqualTo(130), outcome.ToString());
        Assert.That(outcome.Output, Does.Contain($"Stopped at step {checkpoint.Step} of {Steps}. Go on with --resume"));
        Assert.That(LastStep("run"), Is.EqualTo(checkpoint.Step));
    }

    [Test]
    public async Task A_list_a_recipe_file_and_a_memory_budget_are_taken()
    {
        await File.WriteAllLinesAsync(folder["list.txt"], Enumerable.Range(0, 4).Select(i => $"{(i % 2 == 0 ? "right" : "down")}/{i}.avi {i + 1}"));
        (TclrRecipes.Tiny() with { Name = "mine", BatchSize = 2, Clips = TclrRecipes.Tiny().Clips with { Size = 16 } }).Save(folder["mine.json"]);

        var outcome = await Program.RunAsync(
            folder.Path, null, "dotnet", [.. Program.Pretrain, "--videos", "videos", "--list", "list.txt", "--recipe", "mine.json", "--out", "run", "--steps", "3", "--memory-budget", "2"]);

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Output, Does.Contain("mine: 4 videos, 3 steps of 2, from step 0, Float32 on cpu").And.Contain("step 3/3").And.Contain("Done: 3 steps"));
        Assert.That(TclrRecipe.Of(Checkpoint.Open(new CheckpointStore(folder["run/checkpoints"]).Newest!)).MemoryBudget, Is.EqualTo(2_000_000));
    }

    [Test]
    public async Task The_recipe_for_small_sets_fits_its_clips_and_batch_to_the_videos()
    {
        var outcome = await Program.RunAsync(folder.Path, null, "dotnet", [.. Program.Pretrain, "--videos", "videos", "--recipe", "small", "--out", "run", "--steps", "1"]);

        Assert.That(outcome.ExitCode, Is.Zero, outcome.ToString());
        Assert.That(outcome.Output.ReplaceLineEndings(" "), Does.Contain("with a stride of 1 frame. The videos have 40 to 40 frames.").And.Contain("small: 12 videos, 1 steps of 12"));
    }

    [TestCase("--videos nowhere", "nowhere")]
    [TestCase("--videos videos --recipe small --list list.txt", "expected 2 videos or more, since the loss compares them, got 1")]
    [TestCase("--videos videos --recipe tinny", "expected ucf101-r3d18-reference, ucf101-r3d18-paper")]
    [TestCase("--videos videos --list none.txt", "none.txt")]
    [TestCase("--videos videos --batch 50", "WithBatchSize: expected at most 12 videos in a step, as many as there are, got 50")]
    [TestCase("--videos videos --device tpu", "tpu")]
    [TestCase("--videos videos --batch 3 --device cuda", "CUDA")]
    [TestCase("--videos videos --epochs 0", "--epochs: expected 1 or more, got 0")]
    [TestCase("--videos videos --epochs 2 --steps 2", "expected one of them, got both")]
    [TestCase("--videos videos --out list.txt", "list.txt")]
    [TestCase("--epochs 2", "--videos")]
    public async Task A_mistake_is_one_message_and_exit_code_1(string arguments, string message)
    {
        await File.WriteAllTextAsync(folder["list.txt"], "right/0.avi");

        var outcome = await Program.RunAsync(folder.Path, null, "dotnet", [.. Program.Pretrain, .. arguments.Split(' ')]);

        Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
        Assert.That(outcome.Errors, Does.Contain(message));
        Assert.That(outcome.Errors + outcome.Output, Does.Not.Contain("   at "), "no stack trace");
    }

    [TestCase("--videos nowhere")]
    [TestCase("--videos videos --list none.txt")]
    public async Task Videos_that_are_missing_leave_no_output_folder(string arguments)
    {
        var outcome = await Program.RunAsync(folder.Path, null, "dotnet", [.. Program.Pretrain, .. arguments.Split(' '), "--out", "never"]);

        Assert.That(outcome.ExitCode, Is.EqualTo(1), outcome.ToString());
        Assert.That(folder["never"], Does.Not.Exist);
    }

    private static async Task WaitUntil(Func<bool> condition, CancellationToken cancellationToken)
    {
        while (!condition())
        {
            await Task.Delay(1, cancellationToken);
        }
    }

    private static string[] Arguments(string output, string[] more) =>
    [
        .. Program.Pretrain, "--videos", "videos", "--out", output, "--batch", "3", "--steps", $"{Steps}", "--checkpoint-every", "3", "--threads", "1", .. more,
    ];

    private Task<Program.Outcome> RunAsync(string output, params string[] more) => Program.RunAsync(folder.Path, null, "dotnet", Arguments(output, more));

    private Process Start(string output, params string[] more) => Program.Start(folder.Path, null, "dotnet", Arguments(output, more));

    private bool Unfinished(string output)
        => Directory.Exists(folder[output + "/checkpoints"]) && Directory.EnumerateDirectories(folder[output + "/checkpoints"], ".unfinished*").Any();

    // The newest checkpoint's step: what is on the disk for good.
    private long LastStep(string output)
    {
        string checkpoints = folder[output + "/checkpoints"];
        return Directory.Exists(checkpoints)
            ? Directory.EnumerateDirectories(checkpoints, "step-*").Select(path => long.Parse(Path.GetFileName(path)["step-".Length..], System.Globalization.CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max()
            : 0;
    }

    private string[] Numbers(string output) =>
    [
        .. File.ReadLines(folder[output + "/metrics.jsonl"]).Select(line =>
        {
            var numbers = JsonNode.Parse(line)!.AsObject();
            numbers.Remove("clips_per_second");
            numbers.Remove("data_wait_seconds");
            return numbers.ToJsonString();
        }),
    ];
}
