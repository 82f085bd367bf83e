using static TorchSharp.torch;

namespace Tclr.Core.Tests;

/// <summary>The momentum encoder in a run.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class MomentumEncoderTests : FolderTests
{
    [Test]
    public async Task The_weights_are_the_moving_average_of_those_before_each_step([Values] bool cosine)
    {
        const int Steps = 4;
        var seen = new List<double[]>();
        TclrTrainer? running = null;
        using var trainer = running = Builder(new MomentumOptions { Momentum = 0.9, Cosine = cosine })
            .ReportTo(new Callback<TrainingProgress>(_ => seen.Add(Weights(running!.Encoder)))).ForSteps(Steps).Build();
        double[] average = Weights(trainer.Encoder);
        Assert.That(Weights(trainer.MomentumEncoder!), Is.EqualTo(average), "it starts as a copy");

        await trainer.TrainAsync();

        // Step s moves the average towards the weights that step s - 1 left.
        seen.Insert(0, average);
        for (int step = 0; step < Steps; step++)
        {
            double m = cosine ? 1 - (0.1 * (Math.Cos(Math.PI * step / Steps) + 1) / 2) : 0.9;
            average = [.. average.Zip(seen[step], (own, target) => (m * own) + ((1 - m) * target))];
        }

        Assert.That(Weights(trainer.MomentumEncoder!), Is.EqualTo(average).Within(1e-6));
        Assert.That(Weights(trainer.MomentumEncoder!), Is.Not.EqualTo(Weights(trainer.Encoder)).Within(1e-4));
    }

    [Test]
    public async Task A_resumed_run_has_the_same_average()
    {
        using var whole = Run("a").ForSteps(6).Build();
        await whole.TrainAsync();
        using (var first = Run("b").ForSteps(6).CheckpointTo(Folder["b"], everySteps: 2).ReportTo(new Callback<TrainingProgress>(Stop)).Build())
        {
            await first.TrainAsync(stop.Token);
        }

        using var second = Run("b").ForSteps(6).Resume().Build();
        await second.TrainAsync();

        Assert.That(Weights(second.MomentumEncoder!), Is.EqualTo(Weights(whole.MomentumEncoder!)));
        Assert.That(Weights(second.Encoder), Is.EqualTo(Weights(whole.Encoder)));
        var checkpoint = Checkpoint.Open(new CheckpointStore(Folder["b"]).Newest!);
        Assert.That(File.Exists(checkpoint.MomentumEncoderPath), Is.True);
        using var series = new FakeSeriesHead(4);
        checkpoint.LoadHead(series, PassPlan.SeriesHead);
        Assert.That(new CheckpointStore(Folder["b"]).Newest, Is.Not.Null);

        void Stop(TrainingProgress progress)
        {
            if (progress.Step == 3)
            {
                stop.Cancel();
            }
        }

        TclrTrainerBuilder Run(string name) => Builder(new MomentumOptions()).AddHead(PassPlan.SeriesHead, features => new FakeSeriesHead(features)).CheckpointTo(Folder[name]);
    }

    [Test]
    public async Task Its_statistics_are_its_own_where_it_encodes_and_copies_where_it_averages()
    {
        using var averaging = Counting().Build();
        using var encoding = Counting().WithPasses(new PassPlan([new ViewPass([0, 1]), new ViewPass([1]) { Momentum = true }])).Build();
        await averaging.TrainAsync();
        await encoding.TrainAsync();

        Assert.That(Tracked(averaging.Encoder), Is.EqualTo(3));
        Assert.That(Tracked(averaging.MomentumEncoder!), Is.EqualTo(2), "those of the trained encoder before the last step");
        Assert.That(Tracked(encoding.MomentumEncoder!), Is.EqualTo(3), "one pass of keys a step");
        Assert.That(Mean(encoding.MomentumEncoder!), Is.Not.EqualTo(Mean(encoding.Encoder)).Within(1e-5));

        static TclrTrainerBuilder Counting() => TinyRun.Builder().UseClips(new FormulaClips(9, new ViewLayout(2, 0), 3, 4, 2, 2)).UseEncoder(() => new FakeConvolution())
            .WithMomentumEncoder(new MomentumOptions { Momentum = 0.5 }).ForSteps(3);

        static long Tracked(IVideoEncoder encoder) => encoder.Network.named_buffers().Single(buffer => buffer.Item1.EndsWith("num_batches_tracked", StringComparison.Ordinal)).Item2.item<long>();

        static float[] Mean(IVideoEncoder encoder) => encoder.Network.named_buffers().Single(buffer => buffer.Item1.EndsWith("running_mean", StringComparison.Ordinal)).Item2.data<float>().ToArray();
    }

    [Test]
    public void What_does_not_fit_is_refused_before_the_first_step()
    {
        var shared = new FakeEncoder();
        Assert.That(
            () => TinyRun.Builder().UseEncoder(() => shared).WithMomentumEncoder().ForSteps(1).Build(),
            Throws.TypeOf<TclrConfigurationException>().With.Message.Contains("a new encoder from each call"));
        Assert.That(
            () => TinyRun.Builder().WithMomentumEncoder(new MomentumOptions { Momentum = 1 }).AddHead("Bad name", features => new FakeHead(features)).AddHead("main", features => new FakeHead(features)).ForSteps(1).Build(),
            Throws.TypeOf<TclrConfigurationException>().With.Message.Contains("Momentum: expected 0 or more, below 1, got 1").And.Message.Contains("lower-case letters").And.Message.Contains("each name once"));
        shared.Dispose();
    }

    private readonly CancellationTokenSource stop = new();

    [TearDown]
    public void DisposeStop() => stop.Dispose();

    private static TclrTrainerBuilder Builder(MomentumOptions options) => TinyRun.Builder().WithMomentumEncoder(options);

    private static double[] Weights(IVideoEncoder encoder)
    {
        using var scope = NewDisposeScope();
        return [.. encoder.Network.parameters().SelectMany(parameter => parameter.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray())];
    }
}
