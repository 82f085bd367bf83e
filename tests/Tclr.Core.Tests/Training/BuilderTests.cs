namespace Tclr.Core.Tests;

public sealed class BuilderTests
{
    [Test]
    public void Every_mistake_is_reported_at_once()
    {
        var builder = new TclrTrainerBuilder().WithBatchSize(0).WithThreads(0).UseAdam(new AdamOptions { LearningRate = -1, Beta1 = 2 }).Resume();

        var error = Assert.Catch<TclrConfigurationException>(() => builder.Build());

        Assert.That(error.Problems, Has.Count.EqualTo(10));
        Assert.That(error.Message, Does.Contain("FromVideos").And.Contain("LearningRate").And.Contain("-1").And.Contain("WithBatchSize"));
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
    public void Losses_add_up()
    {
        var error = Assert.Catch<TclrConfigurationException>(() => Complete().AddLoss(new FakeLoss(), -2).Build());
        Assert.That(error.Problems.Single(), Does.Contain("AddLoss: expected a weight that is finite, 0 or more, got -2"));

        error = Assert.Catch<TclrConfigurationException>(() => Complete().UseLoss(null!).Build());
        Assert.That(error.Problems.Single(), Does.Contain("no loss"));
        Assert.DoesNotThrow(() => Complete().AddLoss(new FakeLoss(), 0.5).Build().Dispose());
    }

    private static TclrTrainerBuilder Complete() => new TclrTrainerBuilder()
        .UseClips(new FakeClips()).UseEncoder(() => new FakeEncoder()).UseHead(f => new FakeHead(f)).UseLoss(new FakeLoss()).WithBatchSize(5).ForEpochs(1);
}
