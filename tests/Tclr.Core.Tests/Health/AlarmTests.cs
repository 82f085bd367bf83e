using static TorchSharp.torch;

namespace Tclr.Core.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class AlarmTests
{
    [Test]
    public void A_measure_must_be_out_of_its_bounds_for_some_steps_in_a_row()
    {
        var watch = new AlarmWatch(new AlarmOptions { Steps = 3, MinimumDeviation = 0.5, MaximumTemporalSimilarity = 0.9 });
        double[] deviations = [0.4, 0.4, 0.6, 0.4, 0.4, 0.4, 0.6];
        double[] similarities = [0.95, 0.95, 0.95, 0.95, 0.5, 0.95, 0.95];

        var alarms = deviations.Zip(similarities, (deviation, similarity) => watch.After(deviation, similarity, [])).ToArray();

        Assert.That(alarms, Is.EqualTo((TrainingAlarms[])
            [TrainingAlarms.None, TrainingAlarms.None, TrainingAlarms.TemporalCollapse, TrainingAlarms.TemporalCollapse, TrainingAlarms.None, TrainingAlarms.Collapse, TrainingAlarms.None]));
        Assert.That(watch.After(1, null, []), Is.EqualTo(TrainingAlarms.None), "without timesteps");
    }

    [TestCase(new double[] { 3, 2, 1 }, false)]
    [TestCase(new double[] { 1, 1, 1 }, true)]
    [TestCase(new double[] { 3, 1, 2, 2 }, true)]
    [TestCase(new double[] { 3, 1, 2, 0.5 }, false)]
    [TestCase(new double[] { 1, 2 }, false)]
    public void A_loss_that_no_epoch_lowers_stands_still(double[] losses, bool stands)
        => Assert.That(new AlarmWatch(new AlarmOptions { PlateauEpochs = 2 }).After(1, 0, losses), Is.EqualTo(stands ? TrainingAlarms.Plateau : TrainingAlarms.None));

    [Test]
    public async Task A_collapse_is_told_and_logged_once()
    {
        var seen = new List<TrainingProgress>();
        var log = new ListLogger();
        using var trainer = TinyRun.Builder().UseEncoder(() => new DeadEncoder()).ForSteps(8).WithAlarms(new AlarmOptions { Steps = 3 })
            .ReportTo(new Callback<TrainingProgress>(seen.Add)).LogTo(log).Build();

        await trainer.TrainAsync();

        Assert.That(seen.Select(progress => progress.Alarms != TrainingAlarms.None), Is.EqualTo((bool[])[false, false, true, true, true, true, true, true]));
        Assert.That(seen[^1].Alarms, Is.EqualTo(TrainingAlarms.Collapse | TrainingAlarms.TemporalCollapse));
        Assert.That(seen[^1].EmbeddingDeviation, Is.Zero.Within(1e-3));
        Assert.That(seen[^1].TemporalSimilarity, Is.EqualTo(1).Within(1e-3));
        Assert.That(log.Lines.Count(line => line.Contains("Collapse", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public void Bounds_are_checked()
    {
        var error = Assert.Catch<TclrConfigurationException>(() => TinyRun.Builder().ForSteps(1).WithAlarms(new AlarmOptions { MinimumDeviation = 2, MaximumTemporalSimilarity = -3, Steps = 0 }).Build());

        Assert.That(error.Problems, Has.Count.EqualTo(3));
    }

    /// <summary>Gives every clip the same features.</summary>
    private sealed class DeadEncoder : nn.Module<Tensor, Tensor>, IVideoEncoder
    {
        public DeadEncoder()
            : base(nameof(DeadEncoder))
        {
        }

        public int FeatureDimension => 4;

        public nn.Module Network => this;

        public Tensor Encode(Tensor clips) => call(clips);

        public override Tensor forward(Tensor input) => ones([input.shape[0], 4, input.shape[2] / 2]);
    }
}
