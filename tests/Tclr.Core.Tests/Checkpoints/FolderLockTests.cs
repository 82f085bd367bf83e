using System.Globalization;

namespace Tclr.Core.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class FolderLockTests : FolderTests
{
    [Test]
    public async Task A_second_run_in_the_folder_is_refused_and_told_who_has_it()
    {
        using var stop = new CancellationTokenSource();
        using var first = TinyRun.Builder().ForSteps(3).SaveTo(Folder["run"]).Build();

        foreach (var second in new[] { TinyRun.Builder().WithSeed(9), TinyRun.Builder().Resume() })
        {
            var error = Assert.Catch<CheckpointException>(() => second.ForSteps(3).SaveTo(Folder["run"]).Build());
            Assert.That(error.Message, Does.Contain("checkpoints' is in use by this process").And.Contain(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)).And.Contain("choose another folder"));
        }

        Assert.That((await first.TrainAsync()).Completed, Is.True);
        Assert.That(Directory.GetDirectories(Folder["run/checkpoints"]).Select(Path.GetFileName), Is.EqualTo(new[] { "step-00000003" }));
    }

    [Test]
    public async Task The_lock_is_held_until_training_ends_or_the_trainer_is_gone()
    {
        using var trained = TinyRun.Builder().ForSteps(3).CheckpointTo(Folder["c"]).Build();
        await trained.TrainAsync();
        TinyRun.Builder().ForSteps(3).CheckpointTo(Folder["c"]).Resume().Build().Dispose();
        Assert.Catch<TclrConfigurationException>(() => TinyRun.Builder().CheckpointTo(Folder["c"]).Build());
        Assert.Catch<CheckpointException>(() => TinyRun.Builder().ForSteps(3).WithSeed(9).CheckpointTo(Folder["c"]).Resume().Build());

        using var last = TinyRun.Builder().ForSteps(3).CheckpointTo(Folder["c"]).Resume().Build();
        Assert.That(last.Step, Is.EqualTo(3));
    }

    [Test]
    public async Task A_trainer_does_not_go_on_where_another_one_wrote_meanwhile()
    {
        using var stop = new CancellationTokenSource();
        using var first = TinyRun.Builder().ForSteps(9).CheckpointTo(Folder["c"]).ReportTo(TinyRun.CancelAfter(2, stop)).Build();
        await first.TrainAsync(stop.Token);
        await TinyRun.WeightsAfter(TinyRun.Builder().ForSteps(9).CheckpointTo(Folder["c"]).Resume());

        var error = Assert.CatchAsync<CheckpointException>(() => first.TrainAsync());

        Assert.That(error.Message, Does.Contain("has checkpoints of another run since this one stopped"));
    }

    [Test]
    public void Metrics_without_checkpoints_and_TensorBoard_files_are_locked_too()
    {
        using var first = TinyRun.Builder().ForSteps(3).WriteMetricsTo(Folder["m.jsonl"]).WriteTensorBoardTo(Folder["t"]).Build();

        Assert.That(Assert.Catch<CheckpointException>(() => TinyRun.Builder().ForSteps(3).WriteMetricsTo(Folder["m.jsonl"]).Build()).Message, Does.Contain("m.jsonl' is in use"));
        Assert.That(Assert.Catch<CheckpointException>(() => TinyRun.Builder().ForSteps(3).WriteTensorBoardTo(Folder["t"]).Build()).Message, Does.Contain("t' is in use"));
    }

    [Test]
    public void A_folder_is_free_once_its_lock_is_released()
    {
        using (var mine = FolderLock.Take(Folder["out"]))
        {
            Assert.That(Assert.Catch<IOException>(() => FolderLock.Take(Folder["out"])).Message, Does.Contain("is in use"));
        }

        using var again = FolderLock.Take(Folder["out"]);
        Assert.That(again.LeftBy, Is.Null);
    }

    // What a crash leaves: the owner's name, and no lock.
    [Test]
    public void A_lock_that_a_crash_left_is_taken_and_another_host_is_named()
    {
        Directory.CreateDirectory(Folder["out"]);
        File.WriteAllText(Folder["out/run.owner"], """{"host": "far-away", "process": 7, "since": "2026-01-02T03:04:05+00:00"}""");

        using var mine = FolderLock.Take(Folder["out"]);

        Assert.That(mine.LeftBy, Is.EqualTo("far-away"));
        Assert.That(File.ReadAllText(Folder["out/run.owner"]), Does.Contain(Environment.MachineName));
    }
}
