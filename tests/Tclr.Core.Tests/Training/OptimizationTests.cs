using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class OptimizationTests : FolderTests
{
    private static IEnumerable<OptimizerOptions> Optimizers =>
    [
        new AdamOptions { LearningRate = 1e-2, WeightDecay = 0.1 },
        new AdamWOptions { LearningRate = 1e-2, WeightDecay = 0.1, ExcludeNormAndBias = true },
        new SgdOptions { LearningRate = 1e-2, WeightDecay = 0.1, Nesterov = true },
        new SgdOptions { LearningRate = 1e-2, Momentum = 0, ExcludeNormAndBias = true },
        new AdamaxOptions { LearningRate = 1e-2 },
        new NAdamOptions { LearningRate = 1e-2 },
    ];

    [TestCaseSource(nameof(Optimizers))]
    public async Task Each_optimizer_trains_and_resumes_bit_for_bit(OptimizerOptions options)
    {
        var epochs = new List<double>();
        using (var trainer = TinyRun.Builder().UseOptimizer(options).ForEpochs(20).Build())
        {
            epochs.AddRange((await trainer.TrainAsync()).Epochs.Select(epoch => epoch.Loss));
        }

        byte[] straight = await TinyRun.WeightsAfter(TinyRun.Builder().UseOptimizer(options).ForSteps(9));
        using var stop = new CancellationTokenSource();
        using (var cut = TinyRun.Builder().UseOptimizer(options).ForSteps(9).CheckpointTo(Folder["c"]).ReportTo(TinyRun.CancelAfter(4, stop)).Build())
        {
            await cut.TrainAsync(stop.Token);
        }

        byte[] resumed = await TinyRun.WeightsAfter(TinyRun.Builder().UseOptimizer(options).ForSteps(9).CheckpointTo(Folder["c"]).Resume());

        Assert.That(epochs[^1], Is.LessThan(epochs[0]));
        Assert.That(resumed, Is.EqualTo(straight));
    }

    [Test]
    public async Task A_schedule_can_end_a_run()
    {
        using var trainer = TinyRun.Builder().UseOptimizer(new SgdOptions { LearningRate = 1, Momentum = 0 }).UseSchedule(new TwoEpochs()).ForEpochs(20).CheckpointTo(Folder["c"]).Build();

        var result = await trainer.TrainAsync();

        Assert.That(result.Epochs, Has.Count.EqualTo(2));
        Assert.That(result.Completed);
        using var again = TinyRun.Builder().UseOptimizer(new SgdOptions { LearningRate = 1, Momentum = 0 }).UseSchedule(new TwoEpochs()).ForEpochs(20).CheckpointTo(Folder["c"]).Resume().Build();
        Assert.That((await again.TrainAsync()).Step, Is.EqualTo(result.Step), "it stays at its end");
    }

    [Test]
    public void Weight_decay_can_leave_norms_and_biases_alone()
    {
        using var encoder = new FakeConvolution();
        float[] before = Bias(encoder).data<float>().ToArray();
        var parameters = new TrainedParameters(encoder.named_parameters().Select(entry => (entry.Item1, entry.Item2)), decayNormsAndBiases: false);
        using var optimizer = parameters.Optimizer(new SgdOptions { LearningRate = 1, WeightDecay = 0.5, Momentum = 0, ExcludeNormAndBias = true });
        using var scope = NewDisposeScope();
        (encoder.named_parameters().Select(entry => (entry.Item2 * 0.0).sum()).Aggregate((sum, part) => sum + part)).backward();
        float[] weights = encoder.named_parameters().First().Item2.data<float>().ToArray();

        optimizer.step();

        Assert.That(parameters.All.Select(entry => entry.Name), Is.EqualTo(new[] { "conv.weight", "conv.bias", "bn.weight", "bn.bias" }));
        Assert.That(encoder.named_parameters().First().Item2.data<float>().ToArray(), Is.EqualTo(weights.Select(weight => weight / 2)).Within(1e-7f));
        Assert.That(Bias(encoder).data<float>().ToArray(), Is.EqualTo(before));
    }

    [Test]
    public async Task Accumulation_averages_the_gradients_of_its_batches()
    {
        // Without momentum one step over two batches is the mean of the steps over each.
        var sgd = new SgdOptions { LearningRate = 0.1, Momentum = 0, WeightDecay = 0 };
        var clips = new TwoBatches();
        float[] both = await WeightAfter(clips, 2, sgd), first = await WeightAfter(TwoBatches.Only(0), 1, sgd), second = await WeightAfter(TwoBatches.Only(1), 1, sgd);

        Assert.That(both, Is.EqualTo(first.Zip(second, (a, b) => (a + b) / 2)).Within(1e-6f));
        Assert.That(first, Is.Not.EqualTo(second).Within(1e-6f));
    }

    [Test]
    public async Task Accumulation_resumes_in_the_midst_of_an_epoch()
    {
        byte[] straight = await TinyRun.WeightsAfter(Accumulated());
        using var stop = new CancellationTokenSource();
        using (var cut = Accumulated().CheckpointTo(Folder["c"]).ReportTo(TinyRun.CancelAfter(3, stop)).Build())
        {
            await cut.TrainAsync(stop.Token);
        }

        Assert.That(await TinyRun.WeightsAfter(Accumulated().CheckpointTo(Folder["c"]).Resume()), Is.EqualTo(straight));

        static TclrTrainerBuilder Accumulated() => TinyRun.Builder().WithBatchSize(2).WithAccumulation(2).ForSteps(6);
    }

    [Test]
    public async Task Gradients_are_clipped_to_their_length_together()
    {
        var seen = new List<TrainingProgress>();
        float[] start = await WeightAfter(new FakeClips(), 1, new SgdOptions { LearningRate = 1e-30, Momentum = 0, WeightDecay = 0 });
        double length = await Moved(null), clipped = await Moved(1e-3);

        Assert.That(seen[0].GradientNorm, Is.EqualTo(length).Within(1e-4 * length), "a step of rate 1 is as long as the gradient");
        Assert.That(length, Is.GreaterThan(1e-2));
        Assert.That(clipped, Is.EqualTo(1e-3).Within(1e-5));
        Assert.That(seen[1].GradientNorm, Is.EqualTo(seen[0].GradientNorm).Within(1e-6), "told before clipping");

        async Task<double> Moved(double? longest)
        {
            var builder = TinyRun.Builder().UseOptimizer(new SgdOptions { LearningRate = 1, Momentum = 0, WeightDecay = 0 }).ForSteps(1).ReportTo(new Callback<TrainingProgress>(seen.Add));
            using var trainer = (longest is { } most ? builder.WithGradientClipping(most) : builder).Build();
            await trainer.TrainAsync();
            return Math.Sqrt(All(trainer).Zip(start, (a, b) => Math.Pow(a - b, 2)).Sum());
        }
    }

    private static async Task<float[]> WeightAfter(IClipSource clips, int accumulation, SgdOptions options)
    {
        using var trainer = TinyRun.Builder().UseClips(clips).UseOptimizer(options).WithAccumulation(accumulation).ForSteps(1).Build();
        await trainer.TrainAsync();
        return All(trainer);
    }

    private static Parameter Bias(FakeConvolution encoder) => encoder.named_parameters().Single(entry => string.Equals(entry.Item1, "conv.bias", StringComparison.Ordinal)).Item2;

    private static float[] All(TclrTrainer trainer)
        => [.. trainer.Encoder.Network.parameters().Concat(trainer.Head.Network.parameters()).SelectMany(parameter => parameter.data<float>().ToArray())];

    private sealed class TwoEpochs : ILearningRateSchedule
    {
        public double Factor(SchedulePosition position) => 1;

        public bool IsFinished(SchedulePosition position, double learningRate) => learningRate == 1 && position.EpochLosses.Count == 2;
    }

    /// <summary>An optimizer that the library does not know.</summary>
    private sealed record AdamaxOptions() : OptimizerOptions(learningRate: 2e-3, weightDecay: 0)
    {
        protected override OptimizerHelper CreateCore(IReadOnlyList<ParameterGroup> groups)
            => optim.Adamax(groups.Select(group => new Adamax.ParamGroup(group.Parameters, LearningRate, weight_decay: group.WeightDecay)), LearningRate);
    }

    /// <summary>Another one.</summary>
    private sealed record NAdamOptions() : OptimizerOptions(learningRate: 2e-3, weightDecay: 0)
    {
        protected override OptimizerHelper CreateCore(IReadOnlyList<ParameterGroup> groups)
            => optim.NAdam(groups.Select(group => new NAdam.ParamGroup(group.Parameters, LearningRate, weight_decay: group.WeightDecay)), LearningRate);
    }

    /// <summary>An epoch of two batches of three, or of one of them.</summary>
    private sealed class TwoBatches(int? only = null) : IClipSource
    {
        private readonly FakeClips all = new(6);

        public int SampleCount => only is null ? 6 : 3;

        public ViewLayout Layout => all.Layout;

        public static TwoBatches Only(int batch) => new(batch);

        public async IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            int i = 0;
            await foreach (var batch in all.ReadAsync(request with { BatchSize = 3 }, cancellationToken))
            {
                if (only is null || only == i)
                {
                    yield return batch;
                }
                else
                {
                    batch.Dispose();
                }

                i++;
            }
        }
    }
}
