namespace Tclr.Core.Tests;

/// <summary>Metrics of several steps that are read together, as on a GPU.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class DeferredReadingTests : FolderTests
{
    [TestCase(1, new long[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })]
    [TestCase(4, new long[] { 1, 1, 1, 1, 2, 2, 2, 2, 3, 3 })]
    [TestCase(16, new long[] { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    public async Task Metrics_of_several_steps_are_one_read(int every, long[] expected)
    {
        await TinyRun.WeightsAfter(Builder().ForSteps(1));      // measures the peak of the device
        using var reads = new DeviceReads();
        var seen = new List<long>();
        using var trainer = Builder().ReadMetricsEvery(every).ForSteps(10).ReportTo(new Callback<TrainingProgress>(_ => seen.Add(reads.Count))).Build();

        await trainer.TrainAsync();

        Assert.That(seen, Is.EqualTo(expected));
        Assert.That(reads.Count, Is.EqualTo(expected[^1]));
    }

    [Test]
    public async Task Weights_metrics_and_checkpoints_are_those_of_steps_read_one_by_one()
    {
        var (weights, metrics) = await Run(every: 1);
        var (deferred, deferredMetrics) = await Run(every: 4);

        Assert.That(deferred, Is.EqualTo(weights));
        Assert.That(deferredMetrics, Is.EqualTo(metrics));

        async Task<(byte[] Weights, double[] Metrics)> Run(int every)
        {
            var seen = new List<double>();
            byte[] bytes = await TinyRun.WeightsAfter(Builder().ReadMetricsEvery(every).ForSteps(10).WithGradientClipping(0.1)
                .CheckpointTo(Folder[$"c{every}"], everySteps: 3).ReportTo(new Callback<TrainingProgress>(progress => seen.AddRange([progress.Loss, progress.GradientNorm, progress.EmbeddingDeviation]))));
            return (bytes, [.. seen]);
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_bad_step_is_named_when_it_is_read_and_does_not_change_the_weights(bool onlyGradient)
    {
        // Without momentum and weight decay a gradient of 0 changes nothing.
        byte[] skipped = await TinyRun.WeightsAfter(Bad(onlyGradient).OnNonFinite(NonFinitePolicy.SkipStep).ForSteps(4));
        using var trainer = Bad(onlyGradient).ReadMetricsEvery(4).ForSteps(10).Build();

        var error = Assert.CatchAsync<TrainingException>(() => trainer.TrainAsync());

        Assert.That(error.Message, Does.StartWith("Step 2 is not finite: " + (onlyGradient ? "gradient_norm = NaN; samples: 1-0" : "loss = NaN, spread = NaN, gradient_norm = NaN; samples: 1-0")));
        Assert.That(TinyRun.Weights(trainer), Is.EqualTo(skipped), "after steps 1, 3 and 4");
    }

    [Test]
    public async Task A_run_returns_to_its_checkpoint_from_several_steps_later()
    {
        byte[] skipped = await TinyRun.WeightsAfter(Bad().OnNonFinite(NonFinitePolicy.SkipStep).ForSteps(9));
        var seen = new List<long>();
        using var trainer = Bad().ReadMetricsEvery(4).OnNonFinite(NonFinitePolicy.RollBack).CheckpointTo(Folder["c"]).ForSteps(9).ReportTo(new Callback<TrainingProgress>(progress => seen.Add(progress.Step))).Build();

        var result = await trainer.TrainAsync();

        Assert.That(result.SkippedSteps, Is.EqualTo((long[])[2]));
        Assert.That(TinyRun.Weights(trainer), Is.EqualTo(skipped));
        Assert.That(seen, Is.EqualTo((long[])[1, 1, 2, 3, 4, 5, 6, 7, 8, 9]), "the steps in order, also that which is skipped");
    }

    [Test]
    public void A_step_that_may_be_skipped_is_read_at_once()
    {
        var error = Assert.Throws<TclrConfigurationException>(() => Builder().ForSteps(1).ReadMetricsEvery(2).OnNonFinite(NonFinitePolicy.SkipStep).Build())!;

        Assert.That(error.Message, Does.Contain("ReadMetricsEvery: expected 1 with OnNonFinite(SkipStep), which reads each step before its update, got 2"));
    }

    private static TclrTrainerBuilder Bad(bool onlyGradient = false)
        => Builder().UseOptimizer(new SgdOptions { LearningRate = 0.1, Momentum = 0, WeightDecay = 0 }).UseLoss(new FakeLoss { BadTerm = call => call == 2 ? "spread" : null, OnlyGradient = onlyGradient });

    // An epoch of twelve steps.
    private static TclrTrainerBuilder Builder() => TinyRun.Builder().UseClips(new FakeClips(36));
}
