using System.Text.Json;

namespace Tclr.Core.Tests;

/// <summary>A checkpoint is resumed by the run that made it, and by no other.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class AnotherRunTests : FolderTests
{
    private static IEnumerable<TestCaseData> Others()
    {
        yield return Other("Optimizer.LearningRate: now 0.02, checkpoint 0.01", builder => builder.UseOptimizer(new AdamOptions { LearningRate = 2e-2 }));
        yield return Other("Optimizer.Beta1: now 0.8, checkpoint 0.9", builder => builder.UseOptimizer(new AdamOptions { LearningRate = 1e-2, Beta1 = 0.8 }));
        yield return Other("Optimizer.WeightDecay: now 0.1, checkpoint 1E-09", builder => builder.UseOptimizer(new AdamOptions { LearningRate = 1e-2, WeightDecay = 0.1 }));
        yield return Other("Optimizer.ExcludeNormAndBias: now True, checkpoint False", builder => builder.UseOptimizer(new AdamOptions { LearningRate = 1e-2, ExcludeNormAndBias = true }));
        yield return Other("Optimizer: now SgdOptions, checkpoint AdamOptions", builder => builder.UseOptimizer(new SgdOptions { LearningRate = 1e-2 }));
        yield return Other("Schedule: now MultiStepSchedule, checkpoint OwnSchedule", builder => builder.UseSchedule(LearningRateSchedules.MultiStep([5])));
        yield return Other("Schedule.factor: now 0.25, checkpoint 0.5", builder => builder.UseSchedule(new OwnSchedule(0.25)));
        yield return Other("GradientClipping: now 3, checkpoint none", builder => builder.WithGradientClipping(3));
        yield return Other("Loss: now CombinedLoss, checkpoint OwnLoss", builder => builder.UseLoss(new CombinedLoss((new OwnLoss(0.5), 1))));
        yield return Other("Loss.temperature: now 0.25, checkpoint 0.5", builder => builder.UseLoss(new OwnLoss(0.25)));
        yield return Other("Loss.Weight: now 2, checkpoint 1", builder => builder.UseLoss(new OwnLoss(0.5), 2));
        yield return Other("Loss.shape.factor: now 3, checkpoint 1", builder => builder.UseLoss(new OwnLoss(0.5, Shape(3))));
        yield return Other("Encoder: now FakeConvolution, checkpoint FakeEncoder", builder => builder.UseEncoder(() => new FakeConvolution()));
        yield return Other("Encoder.FeatureDimension: now 5, checkpoint 4", builder => builder.UseEncoder(() => new FakeEncoder(5)));
        yield return Other("Head.EmbeddingDimension: now 5, checkpoint 3", builder => builder.UseHead(features => new FakeHead(features, 5)));
        yield return Other("Clips.Augmentation.Steps[1].Amount: now 0.5, checkpoint 0.25", builder => builder.UseClips(new OwnClips(new OwnAugmentation([new("flip", 1), new("jitter", 0.5)]))));
        yield return Other("recipe.clips.size: now 64, checkpoint 32", builder => builder.DescribeAs(Recipe("""{"name": "mine", "steps": 3, "clips": {"size": 64}}""")));

        static TestCaseData Other(string message, Func<TclrTrainerBuilder, TclrTrainerBuilder> change) => new TestCaseData(message, change).SetArgDisplayNames(message);
    }

    [TestCaseSource(nameof(Others))]
    public async Task What_differs_is_named(string message, Func<TclrTrainerBuilder, TclrTrainerBuilder> change)
    {
        await TinyRun.WeightsAfter(Run().CheckpointTo(Folder["c"]));

        var error = Assert.Catch<CheckpointException>(() => change(Run().CheckpointTo(Folder["c"]).Resume()).Build().Dispose());

        Assert.That(error.Message, Does.Contain("is of another run. ").And.Contain(message).And.Contain("Use the same settings, or another folder."));
    }

    [Test]
    public async Task Threads_logging_policies_and_the_place_of_the_folder_may_differ()
    {
        await TinyRun.WeightsAfter(Run().CheckpointTo(Folder["c"]));
        Directory.Move(Folder["c"], Folder["d"]);

        using var trainer = Run().CheckpointTo(Folder["d"], everySteps: 2, keep: 5).WriteMetricsTo(Folder["m.jsonl"]).WithThreads(2).LogTo(new ListLogger())
            .OnNonFinite(NonFinitePolicy.SkipStep).WithAlarms(new AlarmOptions { Steps = 3 }).RetainFreedMemory(false)
            .DescribeAs(Recipe("""{"steps": 9, "name": "other", "non_finite": "Skip", "clips": {"size": 32}}""")).Resume().Build();

        Assert.That(trainer.Step, Is.EqualTo(3));
    }

    // The same objects, once used, are still the same settings.
    [Test]
    public async Task Counters_of_a_loss_are_no_settings()
    {
        var loss = new FakeLoss();
        await TinyRun.WeightsAfter(TinyRun.Builder().UseLoss(loss).ForSteps(3).CheckpointTo(Folder["c"]));

        Assert.DoesNotThrow(() => TinyRun.Builder().UseLoss(loss).ForSteps(3).CheckpointTo(Folder["c"]).Resume().Build().Dispose());
    }

    [Test]
    public async Task A_finished_run_is_extended_and_is_the_longer_run_bit_for_bit()
    {
        byte[] straight = await TinyRun.WeightsAfter(TinyRun.Builder().UseSchedule(LearningRateSchedules.MultiStep([2])).ForSteps(11));
        await TinyRun.WeightsAfter(TinyRun.Builder().UseSchedule(LearningRateSchedules.MultiStep([2])).ForSteps(4).CheckpointTo(Folder["c"]).WriteMetricsTo(Folder["m.jsonl"]));

        byte[] extended = await TinyRun.WeightsAfter(TinyRun.Builder().UseSchedule(LearningRateSchedules.MultiStep([2])).ForSteps(11).CheckpointTo(Folder["c"]).WriteMetricsTo(Folder["m.jsonl"]).Resume());

        Assert.That(extended, Is.EqualTo(straight));
        Assert.That(File.ReadAllLines(Folder["m.jsonl"]), Has.Length.EqualTo(11));
        Assert.That(Checkpoint.Open(new CheckpointStore(Folder["c"]).Newest!).State.TotalSteps, Is.EqualTo(11));
    }

    [Test]
    public async Task A_schedule_of_the_whole_run_cannot_be_extended_and_a_run_cannot_end_before_its_checkpoint()
    {
        await TinyRun.WeightsAfter(Cosine(4).CheckpointTo(Folder["c"]));

        var longer = Assert.Catch<CheckpointException>(() => Cosine(8).CheckpointTo(Folder["c"]).Resume().Build());
        var shorter = Assert.Catch<CheckpointException>(() => Cosine(3).CheckpointTo(Folder["c"]).Resume().Build());

        Assert.That(longer.Message, Does.Contain("TotalSteps: now 8, checkpoint 4, and WarmupCosineSchedule depends on it").And.Contain("UseWeights"));
        Assert.That(shorter.Message, Does.Contain("TotalSteps: now 3, and the checkpoint has done 4 already"));

        static TclrTrainerBuilder Cosine(long steps) => TinyRun.Builder().UseSchedule(LearningRateSchedules.WarmupCosine(1)).ForSteps(steps);
    }

    [Test]
    public async Task A_new_run_starts_from_given_weights_and_a_resumed_one_does_not_load_them_again()
    {
        using var given = new FakeEncoder();
        TorchSharp.torch.nn.init.constant_(given.get_parameter("fc.weight")!, 0.5);
        int calls = 0;

        using (var trainer = Started("given").Build())
        {
            Assert.That(trainer.Encoder.Network.get_parameter("fc.weight")!.data<float>().ToArray(), Is.All.EqualTo(0.5f));
            await trainer.TrainAsync();
        }

        using (var resumed = Started("given").Resume().Build())
        {
            Assert.That(resumed.Encoder.Network.get_parameter("fc.weight")!.data<float>().ToArray(), Is.Not.All.EqualTo(0.5f));
        }

        Assert.DoesNotThrow(() => TinyRun.Builder().ForSteps(2).CheckpointTo(Folder["c"]).Resume().Build().Dispose(), "the weights need not be named again");
        var error = Assert.Catch<CheckpointException>(() => Started("others").Resume().Build());
        Assert.That(error.Message, Does.Contain("InitialWeights: now others, checkpoint given"));
        Assert.That(calls, Is.EqualTo(1));

        TclrTrainerBuilder Started(string source) => TinyRun.Builder().ForSteps(2).CheckpointTo(Folder["c"]).InitializeEncoder(source, encoder =>
        {
            calls++;
            encoder.Network.load_state_dict(given.state_dict());
        });
    }

    private static JsonElement Recipe(string json) => JsonDocument.Parse(json).RootElement;

    private static Func<double, double> Shape(double factor) => value => factor * value;

    private static TclrTrainerBuilder Run() => TinyRun.Builder()
        .UseLoss(new OwnLoss(0.5))
        .UseSchedule(new OwnSchedule(0.5))
        .UseClips(new OwnClips(new OwnAugmentation([new("flip", 1), new("jitter", 0.25)])))
        .DescribeAs(Recipe("""{"name": "mine", "steps": 3, "clips": {"size": 32}}"""))
        .ForSteps(3);

    private sealed class OwnSchedule(double factor) : ILearningRateSchedule
    {
        public double Factor(SchedulePosition position) => factor;
    }

    private sealed class OwnLoss(double temperature, Func<double, double>? shape = null) : ITemporalContrastiveLoss
    {
        private readonly Func<double, double> shape = shape ?? Shape(1);
        private readonly List<double> seen = [];
        private readonly FakeLoss loss = new();

        public LossResult Compute(TemporalEmbeddings embeddings)
        {
            seen.Add(shape(temperature));
            return loss.Compute(embeddings);
        }
    }

    private sealed record OwnStep(string Name, double Amount);

    private sealed record OwnAugmentation(IReadOnlyList<OwnStep> Steps);

    private sealed class OwnClips(OwnAugmentation augmentation) : IClipSource
    {
        private readonly FakeClips clips = new();

        public int SampleCount => clips.SampleCount;

        public ViewLayout Layout => clips.Layout;

        public IEnumerable<KeyValuePair<string, object?>> Settings => [new("Augmentation", augmentation)];

        public IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, CancellationToken cancellationToken = default) => clips.ReadAsync(request, cancellationToken);
    }
}
