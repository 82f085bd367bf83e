using Tclr.Weights;
using static TorchSharp.torch;

namespace Tclr.Core.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class PrecisionTests : FolderTests
{
    [Test]
    public async Task BFloat16_weights_have_float32_masters_that_the_optimizer_updates()
    {
        // Updates far below a bfloat16's last bit: without masters nothing would move.
        var adam = new AdamOptions { LearningRate = 1e-5 };
        using var trainer = Convolution().UseOptimizer(adam).WithPrecision(TrainingPrecision.BFloat16).ForSteps(6).CheckpointTo(Folder["c"]).Build();
        float[] before = Masters();

        await trainer.TrainAsync();

        float[] after = Masters();
        Assert.That(trainer.Encoder.Network.named_parameters().Select(entry => (entry.Item1, entry.Item2.dtype)), Is.EqualTo(new[]
        {
            ("conv.weight", ScalarType.BFloat16), ("conv.bias", ScalarType.BFloat16), ("bn.weight", ScalarType.Float32), ("bn.bias", ScalarType.Float32),
        }));
        Assert.That(after.Zip(before, (a, b) => Math.Abs(a - b)), Is.All.GreaterThan(1e-6).And.All.LessThan(1e-4));

        float[] Masters()
        {
            if (!Directory.Exists(Folder["c"]))
            {
                using var same = Convolution().ForSteps(1).Build();
                return same.Encoder.Network.parameters().First().data<float>().ToArray();
            }

            using var file = WeightFile.Open(Checkpoint.Open(new CheckpointStore(Folder["c"]).Newest!).EncoderPath);
            Assert.That(file["conv.weight"].Type, Is.EqualTo(ScalarType.Float32), "checkpoints hold the masters");
            using var weight = file["conv.weight"].Read();
            return weight.data<float>().ToArray();
        }
    }

    [Test]
    public async Task BFloat16_trains_about_as_float32_does()
    {
        double[] exact = await Losses(TrainingPrecision.Float32), rounded = await Losses(TrainingPrecision.BFloat16);

        Assert.That(rounded, Is.EqualTo(exact).Within(0.02));
        Assert.That(rounded, Is.Not.EqualTo(exact).Within(1e-7));

        static async Task<double[]> Losses(TrainingPrecision precision)
        {
            var seen = new List<TrainingProgress>();
            using var trainer = Convolution().WithPrecision(precision).ForSteps(6).ReportTo(new Callback<TrainingProgress>(seen.Add)).Build();
            await trainer.TrainAsync();
            return [.. seen.Select(progress => progress.Loss)];
        }
    }

    [Test]
    public async Task BFloat16_resumes_bit_for_bit_with_gradient_caching()
    {
        byte[] straight = await TinyRun.WeightsAfter(Cached());
        using var stop = new CancellationTokenSource();
        using (var cut = Cached().CheckpointTo(Folder["c"]).ReportTo(TinyRun.CancelAfter(4, stop)).Build())
        {
            await cut.TrainAsync(stop.Token);
        }

        Assert.That(await TinyRun.WeightsAfter(Cached().CheckpointTo(Folder["c"]).Resume()), Is.EqualTo(straight));

        static TclrTrainerBuilder Cached() => Convolution().WithPrecision(TrainingPrecision.BFloat16).WithBatchNormScope(BatchNormScope.PerView).WithGradientCaching().ForSteps(6);
    }

    [Test]
    public void A_probe_times_each_precision()
    {
        using var scope = NewDisposeScope();

        var result = PrecisionProbe.Measure(() => new FakeConvolution(), ones([2, 3, 4, 2, 2]));

        Assert.That(result.Times.Keys, Is.EqualTo(new[] { TrainingPrecision.Float32, TrainingPrecision.BFloat16 }));
        Assert.That(result.Times.Values, Is.All.GreaterThan(TimeSpan.Zero));
        Assert.That(result.Fastest, Is.EqualTo(PrecisionProbe.Choose(result.Times)));
    }

    [TestCase(100, 90, 80, TrainingPrecision.BFloat16)]
    [TestCase(100, 80, 90, TrainingPrecision.TensorFloat32)]
    [TestCase(100, 91, 92, TrainingPrecision.Float32)]
    [TestCase(100, 120, 130, TrainingPrecision.Float32)]
    [TestCase(100, 120, 90, TrainingPrecision.BFloat16)]
    public void A_precision_is_chosen_where_it_is_a_tenth_faster(int float32, int tensorFloat32, int bfloat16, TrainingPrecision expected)
    {
        var times = new Dictionary<TrainingPrecision, TimeSpan>
        {
            [TrainingPrecision.Float32] = TimeSpan.FromMilliseconds(float32),
            [TrainingPrecision.TensorFloat32] = TimeSpan.FromMilliseconds(tensorFloat32),
            [TrainingPrecision.BFloat16] = TimeSpan.FromMilliseconds(bfloat16),
        };

        Assert.That(PrecisionProbe.Choose(times), Is.EqualTo(expected));
    }

    [Test]
    public void A_processor_computes_in_float32_unless_told_otherwise()
    {
        using var trainer = TinyRun.Builder().ForSteps(1).Build();

        Assert.That(trainer.Precision, Is.EqualTo(TrainingPrecision.Float32));
    }

    [Test]
    public void Operations_and_activations_are_those_of_the_layers()
    {
        using var scope = NewDisposeScope();
        using var encoder = new FakeConvolution(features: 5);

        var cost = EncoderCost.Measure(encoder, ones([1, 3, 4, 2, 2]));

        // A 1x1x1 convolution of 3 to 5 channels at 16 places; its output and that of the normalization in float32.
        Assert.That(cost, Is.EqualTo(new EncoderCost(2 * 3 * 5 * 16, 2 * 5 * 16 * sizeof(float))));
        Assert.That(encoder.training, Is.True);
    }

    [Test]
    public async Task A_memory_budget_says_how_many_videos_go_through_together()
    {
        var log = new ListLogger();
        long perClip = 2 * 4 * 16 * sizeof(float);
        using (var trainer = Convolution().WithGradientCaching(memoryBudget: (perClip * 6 * 2) + 1).LogTo(log).ForSteps(1).Build())
        {
            await trainer.TrainAsync();
        }

        Assert.That(log.Lines, Has.Some.Contain("Gradient caching: 2 videos in a pass, 512 bytes of activations per clip"));
        using var small = Convolution().WithGradientCaching(memoryBudget: perClip * 5).ForSteps(1).Build();
        var error = Assert.CatchAsync<TrainingException>(() => small.TrainAsync());
        Assert.That(error.Message, Does.Contain("one video take about 3072 bytes, more than the budget of 2560"));
    }

    private static TclrTrainerBuilder Convolution() => TinyRun.Builder().UseEncoder(() => new FakeConvolution());
}
