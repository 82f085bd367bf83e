namespace Tclr.Core.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class TrainerTests : FolderTests
{
    [Test]
    public async Task A_run_lowers_the_loss_and_counts_its_epochs()
    {
        using var trainer = TinyRun.Builder().ForEpochs(20).Build();

        var result = await trainer.TrainAsync();

        Assert.Multiple(() =>
        {
            Assert.That(result.Completed, Is.True);
            Assert.That(result.Step, Is.EqualTo(60));
            Assert.That(result.Epochs.Select(e => e.Epoch), Is.EqualTo(Enumerable.Range(0, 20)));
            Assert.That(result.Epochs[^1].Loss, Is.LessThan(result.Epochs[0].Loss));
            Assert.That(result.Epochs[0].Terms.Keys, Is.EqualTo(new[] { "alignment", "spread" }));
            Assert.That(result.Checkpoint, Is.Null);
        });
    }

    [TestCase(7UL)]
    [TestCase(0UL)]
    [TestCase(ulong.MaxValue)]
    public async Task The_same_seed_gives_the_same_weights(ulong seed)
    {
        byte[] first = await TinyRun.WeightsAfter(Noisy().WithSeed(seed));
        byte[] second = await TinyRun.WeightsAfter(Noisy().WithSeed(seed));
        byte[] other = await TinyRun.WeightsAfter(Noisy().WithSeed(8));

        static TclrTrainerBuilder Noisy() => TinyRun.Builder().UseEncoder(() => new FakeConvolution()).ForSteps(7);

        Assert.That(second, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [Test]
    public async Task Statistics_reach_the_encoder()
    {
        var encoder = new FakeEncoder();
        using (var trainer = TinyRun.Builder().UseEncoder(() => encoder).WithBatchNormScope(BatchNormScope.PerView).ForSteps(1).Build())
        {
            await trainer.TrainAsync();
        }

        // One clip for counting operations, then three videos for each of six views.
        Assert.That(encoder.Batches, Is.EqualTo((long[])[1, 3, 3, 3, 3, 3, 3]));
    }

    [TestCase(1)]
    [TestCase(4)]
    [TestCase(6)]
    public async Task A_canceled_run_goes_on_bit_for_bit(int cancelAfter)
    {
        byte[] straight = await TinyRun.WeightsAfter(TinyRun.Builder().ForSteps(11));
        using var stop = new CancellationTokenSource();
        using (var cut = TinyRun.Builder().ForSteps(11).CheckpointTo(Folder["c"]).WriteMetricsTo(Folder["m.jsonl"])
            .ReportTo(TinyRun.CancelAfter(cancelAfter, stop)).Build())
        {
            var partial = await cut.TrainAsync(stop.Token);
            Assert.That(partial.Completed, Is.False);
            Assert.That(partial.Step, Is.EqualTo(cancelAfter));
            Assert.That(partial.Checkpoint, Does.EndWith($"step-{cancelAfter:D8}"));
        }

        byte[] resumed = await TinyRun.WeightsAfter(TinyRun.Builder().ForSteps(11).CheckpointTo(Folder["c"]).WriteMetricsTo(Folder["m.jsonl"]).Resume());

        Assert.That(resumed, Is.EqualTo(straight));
        Assert.That(File.ReadAllLines(Folder["m.jsonl"]), Has.Length.EqualTo(11));
    }

    [Test]
    public async Task Leaving_the_loop_early_stops_training()
    {
        using var trainer = TinyRun.Builder().ForEpochs(1000).Build();

        await foreach (var epoch in trainer.TrainEpochsAsync())
        {
            if (epoch.Epoch == 1)
            {
                break;
            }
        }

        Assert.That(trainer.Step, Is.GreaterThanOrEqualTo(6).And.LessThan(3000));
    }

    [Test]
    public void A_loss_that_is_no_number_is_named()
    {
        using var trainer = TinyRun.Builder().UseLoss(new FakeLoss { BadStep = 3 }).ForSteps(9).CheckpointTo(Folder["c"], everySteps: 1).Build();

        var error = Assert.CatchAsync<TrainingException>(() => trainer.TrainAsync());

        Assert.That(error.Message, Does.Contain("Step 3").And.Contain("2-0").And.Contain("step-00000002"));
    }

    [Test]
    public async Task The_newest_checkpoints_and_the_best_one_are_kept()
    {
        using var trainer = TinyRun.Builder().ForSteps(19).CheckpointTo(Folder["c"], everySteps: 2).Build();

        var result = await trainer.TrainAsync();

        var best = result.Epochs.Take(6).MinBy(epoch => epoch.Loss)!;
        Assert.That(
            Directory.GetDirectories(Folder["c"]).Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal),
            Is.EquivalentTo(new[] { 18, 19, best.Step }.Distinct().Select(step => $"step-{step:D8}")));
        Assert.That(new CheckpointStore(Folder["c"]).Best, Does.EndWith($"step-{best.Step:D8}"));
    }

    [Test]
    public async Task A_new_run_neither_mixes_with_an_earlier_one_nor_loses_it()
    {
        using (var first = TinyRun.Builder().ForSteps(9).CheckpointTo(Folder["c"]).WriteMetricsTo(Folder["m.jsonl"]).Build())
        {
            await first.TrainAsync();
        }

        using (var second = TinyRun.Builder().ForSteps(3).CheckpointTo(Folder["c"]).WriteMetricsTo(Folder["m.jsonl"]).Build())
        {
            var result = await second.TrainAsync();
            Assert.That(result.Checkpoint, Does.EndWith("step-00000003"));
        }

        Assert.That(Folder["c/earlier-1/step-00000009/state.json"], Does.Exist);
        Assert.That(File.ReadAllLines(Folder["m.earlier-1.jsonl"]), Has.Length.EqualTo(9));
        Assert.That(File.ReadAllLines(Folder["m.jsonl"]), Has.Length.EqualTo(3));
        using var third = TinyRun.Builder().ForSteps(3).CheckpointTo(Folder["c"]).Resume().Build();
        Assert.That(third.Step, Is.EqualTo(3));
    }

    [Test]
    public void A_folder_that_cannot_be_written_is_one_clear_message()
    {
        File.WriteAllText(Folder["file"], string.Empty);

        var error = Assert.Catch<CheckpointException>(() => TinyRun.Builder().ForSteps(3).CheckpointTo(Folder["file/checkpoints"]).Build());

        Assert.That(error.Message, Does.Contain("could not be written").And.Contain("choose another folder"));
    }

    [Test]
    public async Task A_checkpoint_of_other_settings_is_refused()
    {
        using (var trainer = TinyRun.Builder().ForSteps(3).CheckpointTo(Folder["c"]).Build())
        {
            await trainer.TrainAsync();
        }

        var other = Assert.Catch<CheckpointException>(() => TinyRun.Builder().ForSteps(3).WithSeed(9).WithAccumulation(2).CheckpointTo(Folder["c"]).Resume().Build());

        Assert.That(other.Message, Does.Contain("Seed: now 9, checkpoint 7; Accumulation: now 2, checkpoint 1. Use the same settings"));
    }

    [Test]
    public async Task Progress_tells_rate_and_rest()
    {
        var seen = new List<TrainingProgress>();
        using var trainer = TinyRun.Builder().ForSteps(5).UseSchedule(LearningRateSchedules.WarmupCosine(2)).ReportTo(new Callback<TrainingProgress>(seen.Add)).Build();

        await trainer.TrainAsync();

        Assert.Multiple(() =>
        {
            Assert.That(seen.Select(p => p.Step), Is.EqualTo(new long[] { 1, 2, 3, 4, 5 }));
            Assert.That(seen.Select(p => p.TotalSteps), Is.All.EqualTo(5));
            Assert.That(seen[0].LearningRate, Is.EqualTo(0.5e-2));
            Assert.That(seen[1].LearningRate, Is.EqualTo(1e-2));
            Assert.That(seen.Select(p => p.ClipsPerSecond), Is.All.GreaterThan(0));
            Assert.That(seen[^1].Remaining, Is.EqualTo(TimeSpan.Zero));
        });
    }

    [Test]
    public async Task The_last_batch_of_an_epoch_is_kept_on_request()
    {
        using var trainer = TinyRun.Builder().UseClips(new FakeClips(8)).WithLastBatch().ForEpochs(2).Build();

        var result = await trainer.TrainAsync();

        Assert.That(trainer.TotalSteps, Is.EqualTo(6));
        Assert.That(result.LeftOutPerEpoch, Is.Zero);
        Assert.That(result.Epochs.Select(epoch => epoch.Step), Is.EqualTo(new long[] { 3, 6 }));
        Assert.That(
            () => TinyRun.Builder().UseClips(new FakeClips(7)).WithLastBatch().WithAccumulation(2).ForEpochs(1).Build(),
            Throws.TypeOf<TclrConfigurationException>().With.Message.Contains("two videos or more in the last batch of an epoch of 7").And.Message.Contains("WithLastBatch with WithAccumulation: expected 1"));
    }
}
