using Tclr.Testing;

namespace Tclr.Core.Tests;

[NoTensorLeaks]
public sealed class TrainerTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void Make() => folder = new TemporaryFolder();

    [TearDown]
    public void Remove() => folder.Dispose();

    [Test]
    public async Task A_run_lowers_the_loss_and_counts_its_epochs()
    {
        using var trainer = Builder().ForEpochs(20).Build();

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

    [Test]
    public async Task The_same_seed_gives_the_same_weights()
    {
        byte[] first = await WeightsAfter(Builder().ForSteps(7));
        byte[] second = await WeightsAfter(Builder().ForSteps(7));
        byte[] other = await WeightsAfter(Builder().ForSteps(7).WithSeed(8));

        Assert.That(second, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [Test]
    public async Task Statistics_reach_the_encoder()
    {
        var encoder = new FakeEncoder();
        using (var trainer = Builder().UseEncoder(() => encoder).WithBatchStatistics(BatchStatistics.PerView).ForSteps(1).Build())
        {
            await trainer.TrainAsync();
        }

        Assert.That(encoder.Batches, Has.Count.EqualTo(6).And.All.EqualTo(3));
    }

    [TestCase(1)]
    [TestCase(4)]
    [TestCase(6)]
    public async Task A_cancelled_run_goes_on_bit_for_bit(int cancelAfter)
    {
        byte[] straight = await WeightsAfter(Builder().ForSteps(11));
        using var stop = new CancellationTokenSource();
        using (var cut = Builder().ForSteps(11).CheckpointTo(folder["c"]).WriteMetricsTo(folder["m.jsonl"])
            .ReportTo(new Callback(p => Cancel(p, cancelAfter, stop))).Build())
        {
            var partial = await cut.TrainAsync(stop.Token);
            Assert.That(partial.Completed, Is.False);
            Assert.That(partial.Step, Is.EqualTo(cancelAfter));
            Assert.That(partial.Checkpoint, Does.EndWith($"step-{cancelAfter:D8}"));
        }

        byte[] resumed = await WeightsAfter(Builder().ForSteps(11).CheckpointTo(folder["c"]).WriteMetricsTo(folder["m.jsonl"]).Resume());

        Assert.That(resumed, Is.EqualTo(straight));
        Assert.That(File.ReadAllLines(folder["m.jsonl"]), Has.Length.EqualTo(11));
    }

    [Test]
    public async Task Leaving_the_loop_early_stops_training()
    {
        using var trainer = Builder().ForEpochs(1000).Build();

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
        using var trainer = Builder().UseLoss(new FakeLoss { BadStep = 3 }).ForSteps(9).CheckpointTo(folder["c"], everySteps: 1).Build();

        var error = Assert.CatchAsync<TrainingException>(() => trainer.TrainAsync());

        Assert.That(error.Message, Does.Contain("step 3").And.Contain("2-0").And.Contain("step-00000002"));
    }

    [Test]
    public async Task Only_the_newest_checkpoints_are_kept()
    {
        using var trainer = Builder().ForSteps(9).CheckpointTo(folder["c"], everySteps: 2).Build();

        await trainer.TrainAsync();

        Assert.That(
            Directory.GetDirectories(folder["c"]).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            Is.EqualTo(new[] { "step-00000008", "step-00000009" }));
    }

    [Test]
    public async Task A_new_run_neither_mixes_with_an_earlier_one_nor_loses_it()
    {
        using (var first = Builder().ForSteps(9).CheckpointTo(folder["c"]).WriteMetricsTo(folder["m.jsonl"]).Build())
        {
            await first.TrainAsync();
        }

        using (var second = Builder().ForSteps(3).CheckpointTo(folder["c"]).WriteMetricsTo(folder["m.jsonl"]).Build())
        {
            var result = await second.TrainAsync();
            Assert.That(result.Checkpoint, Does.EndWith("step-00000003"));
        }

        Assert.That(folder["c/earlier-1/step-00000009/state.json"], Does.Exist);
        Assert.That(File.ReadAllLines(folder["m.earlier-1.jsonl"]), Has.Length.EqualTo(9));
        Assert.That(File.ReadAllLines(folder["m.jsonl"]), Has.Length.EqualTo(3));
        using var third = Builder().ForSteps(3).CheckpointTo(folder["c"]).Resume().Build();
        Assert.That(third.Step, Is.EqualTo(3));
    }

    [Test]
    public void A_folder_that_cannot_be_written_is_one_clear_message()
    {
        File.WriteAllText(folder["file"], string.Empty);
        using var trainer = Builder().ForSteps(3).CheckpointTo(folder["file/checkpoints"]).Build();

        var error = Assert.CatchAsync<CheckpointException>(() => trainer.TrainAsync());

        Assert.That(error.Message, Does.Contain("could not be written").And.Contain("choose another folder"));
    }

    [Test]
    public async Task A_checkpoint_of_other_settings_or_a_damaged_one_is_refused()
    {
        using (var trainer = Builder().ForSteps(3).CheckpointTo(folder["c"]).Build())
        {
            await trainer.TrainAsync();
        }

        var other = Assert.Catch<CheckpointException>(() => Builder().ForSteps(3).WithSeed(9).CheckpointTo(folder["c"]).Resume().Build());
        string weights = Path.Combine(new CheckpointStore(folder["c"]).Newest!, "encoder.dat");
        File.WriteAllBytes(weights, File.ReadAllBytes(weights)[..20]);
        var damaged = Assert.Catch<CheckpointException>(() => Builder().ForSteps(3).CheckpointTo(folder["c"]).Resume().Build());

        Assert.That(other.Message, Does.Contain("seed 7").And.Contain("9"));
        Assert.That(damaged.Message, Does.Contain("cannot be used"));
    }

    [Test]
    public async Task Progress_tells_rate_and_rest()
    {
        var seen = new List<TrainingProgress>();
        using var trainer = Builder().ForSteps(5).UseSchedule(LearningRateSchedules.WarmupCosine(2)).ReportTo(new Callback(seen.Add)).Build();

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

    private static TclrTrainerBuilder Builder() => new TclrTrainerBuilder()
        .UseClips(new FakeClips())
        .UseEncoder(() => new FakeEncoder())
        .UseHead(features => new FakeHead(features))
        .UseLoss(new FakeLoss())
        .UseAdam(new AdamOptions { LearningRate = 1e-2 })
        .WithBatchSize(3)
        .WithSeed(7)
        .WithThreads(1);

    private static void Cancel(TrainingProgress progress, int after, CancellationTokenSource stop)
    {
        if (progress.Step == after)
        {
            stop.Cancel();
        }
    }

    private static async Task<byte[]> WeightsAfter(TclrTrainerBuilder builder)
    {
        using var trainer = builder.Build();
        await trainer.TrainAsync();
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        trainer.Encoder.Network.save(writer);
        trainer.Head.Network.save(writer);
        return bytes.ToArray();
    }
}
