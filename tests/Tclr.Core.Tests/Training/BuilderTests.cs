namespace Tclr.Core.Tests;

public sealed class BuilderTests
{
    [Test]
    public void Every_mistake_is_reported_at_once()
    {
        var builder = new TclrTrainerBuilder().WithBatchSize(0).WithThreads(0).UseOptimizer(new AdamOptions { LearningRate = -1, Beta1 = 2 }).Resume();

        var error = Assert.Catch<TclrConfigurationException>(() => builder.Build());

        Assert.That(error.Problems, Has.Count.EqualTo(10));
        Assert.That(error.Message, Does.Contain("FromVideos").And.Contain("LearningRate").And.Contain("-1").And.Contain("WithBatchSize"));
    }

    [Test]
    public void Mistakes_of_every_verb_are_named()
    {
        var error = Assert.Catch<TclrConfigurationException>(() => Complete()
            .WithAccumulation(0).WithGradientClipping(-1).WithBatchNormScope(BatchNormScope.AllViews, videosPerPass: 0).WithPrecision((TrainingPrecision)9)
            .OnNonFinite(NonFinitePolicy.RollBack).UseOptimizer(new SgdOptions { LearningRate = double.NaN, WeightDecay = -1, Momentum = 0, Nesterov = true }).Build());

        Assert.That(error.Problems.Take(5), Is.EqualTo(new[]
        {
            "WithAccumulation: expected 1 or more, got 0",
            "WithBatchNormScope: videosPerPass: expected 1 or more, got 0",
            "WithGradientClipping: expected a finite number above 0, got -1",
            "WithPrecision: expected one of the named values, got 9",
            "OnNonFinite(RollBack): expected CheckpointTo(folder), which says where the checkpoints are, got nothing",
        }));
        Assert.That(error.Problems.Skip(5).ToArray(), Has.Length.EqualTo(3).And.Some.Contain("LearningRate").And.Some.Contain("WeightDecay").And.Some.Contain("Nesterov"));
    }

    [Test]
    public void Caching_that_saves_nothing_is_refused()
    {
        var error = Assert.Catch<TclrConfigurationException>(() => Complete().WithGradientCaching().Build());

        Assert.That(error.Problems.Single(), Does.Contain("saves nothing"));
        Assert.DoesNotThrow(() => Complete().WithGradientCaching(memoryBudget: 1000).Build().Dispose());
        Assert.DoesNotThrow(() => Complete().WithGradientCaching().WithBatchNormScope(BatchNormScope.PerView).Build().Dispose());
    }

    [Test]
    public void Accumulation_needs_as_many_videos()
    {
        var error = Assert.Catch<TclrConfigurationException>(() => Complete().WithAccumulation(3).Build());

        Assert.That(error.Problems.Single(), Is.EqualTo("WithBatchSize times WithAccumulation: expected at most 10 videos in a step, as many as there are, got 15"));
    }

    [Test]
    public void A_batch_larger_than_the_set_is_refused()
    {
        var error = Assert.Catch<TclrConfigurationException>(() => Complete().WithBatchSize(11).Build());

        Assert.That(error.Problems, Has.Count.EqualTo(1));
        Assert.That(error.Message, Does.Contain("11").And.Contain("10"));
    }

    [Test]
    public void A_built_builder_is_frozen()
    {
        var builder = Complete();
        builder.Build().Dispose();

        Assert.Catch<InvalidOperationException>(() => builder.WithSeed(3));
    }

    [Test]
    public async Task A_build_that_fails_leaves_the_builder_open()
    {
        using var folder = new TemporaryFolder();
        await TinyRun.WeightsAfter(TinyRun.Builder().ForSteps(1).CheckpointTo(folder["run"]));
        var builder = TinyRun.Builder().WithSeed(9).ForSteps(5).CheckpointTo(folder["run"]).Resume();

        Assert.Catch<CheckpointException>(() => builder.Build());
        Assert.DoesNotThrow(() => builder.CheckpointTo(folder["other"]).Build().Dispose());
        Assert.Catch<InvalidOperationException>(() => builder.WithSeed(3));
    }

    [Test]
    public void A_head_that_cannot_be_made_releases_the_encoder()
    {
        TorchSharp.Modules.Parameter? weight = null;
        var builder = Complete().UseEncoder(Encoder).UseHead(_ => throw new InvalidDataException("no such head"));

        Assert.That(() => builder.Build(), Throws.TypeOf<InvalidDataException>());
        Assert.That(weight!.IsInvalid, "the encoder is released");
        Assert.DoesNotThrow(() => builder.UseHead(features => new FakeHead(features)).Build().Dispose());

        IVideoEncoder Encoder()
        {
            var encoder = new FakeEncoder();
            weight = encoder.parameters().First();
            return encoder;
        }
    }

    [Test]
    public void Channels_that_would_be_reversed_twice_are_refused()
    {
        var error = Assert.Catch<TclrConfigurationException>(() => Complete()
            .UseClips(new FakeClips { ChannelOrder = ChannelOrder.Bgr }).UseEncoder(() => new FakeEncoder { ChannelOrder = ChannelOrder.Bgr }).Build());

        Assert.That(error.Problems.Single(), Does.StartWith("the augmentation makes BGR clips, and the encoder FakeEncoder reverses its clips too"));
        Assert.DoesNotThrow(() => Complete().UseClips(new FakeClips { ChannelOrder = ChannelOrder.Bgr }).Build().Dispose());
        Assert.DoesNotThrow(() => Complete().UseEncoder(() => new FakeEncoder { ChannelOrder = ChannelOrder.Bgr }).Build().Dispose());
    }

    [Test]
    public void Losses_add_up()
    {
        var error = Assert.Catch<TclrConfigurationException>(() => Complete().AddLoss(new FakeLoss(), -2).Build());
        Assert.That(error.Problems.Single(), Does.Contain("AddLoss: weight: expected a finite number of 0 or more, got -2"));

        error = Assert.Catch<TclrConfigurationException>(() => Complete().UseLoss(null!).Build());
        Assert.That(error.Problems.Single(), Does.Contain("expected a loss"));
        Assert.DoesNotThrow(() => Complete().AddLoss(new FakeLoss(), 0.5).Build().Dispose());
    }

    private static TclrTrainerBuilder Complete() => new TclrTrainerBuilder()
        .UseClips(new FakeClips()).UseEncoder(() => new FakeEncoder()).UseHead(f => new FakeHead(f)).UseLoss(new FakeLoss()).WithBatchSize(5).ForEpochs(1);
}
