using System.Text.Json;

namespace Tclr.Core.Tests;

public sealed class LearningRateScheduleTests
{
    [Test]
    public void Warmup_rises_linearly_and_the_cosine_falls_to_its_end()
    {
        var schedule = LearningRateSchedules.WarmupCosine(10, 0.05);

        Assert.Multiple(() =>
        {
            Assert.That(schedule.Factor(At(0, 160)), Is.EqualTo(0.1).Within(1e-15));
            Assert.That(schedule.Factor(At(9, 160)), Is.EqualTo(1).Within(1e-15));
            Assert.That(schedule.Factor(At(10, 160)), Is.EqualTo(1).Within(1e-15));
            Assert.That(schedule.Factor(At(85, 160)), Is.EqualTo(0.525).Within(1e-15));
            Assert.That(schedule.Factor(At(160, 160)), Is.EqualTo(0.05).Within(1e-15));
            Assert.That(schedule.Factor(At(500, 160)), Is.EqualTo(0.05).Within(1e-15));
        });
    }

    [Test]
    public void The_constant_schedule_is_constant() => Assert.That(LearningRateSchedules.Constant.Factor(At(123, 200)), Is.EqualTo(1));

    // Traces of the authors' main loop with preset epoch losses.
    [Test]
    public void The_reference_of_TCLR_is_followed_epoch_by_epoch()
    {
        double[] losses =
        [
            .. Enumerable.Range(0, 12).Select(epoch => 50.0 - epoch), .. Enumerable.Repeat(45.0, 25), 30, .. Enumerable.Repeat(31.0, 12),
        ];
        double[] expected =
        [
            1e-5, 5e-5, 1e-4, 5e-4, .. Enumerable.Repeat(1e-3, 17), .. Enumerable.Repeat(1e-4, 9), .. Enumerable.Repeat(1e-5, 17), .. Enumerable.Repeat(1e-6, 3),
        ];

        Assert.That(Trace(LearningRateSchedules.TclrReference, losses), Is.EqualTo(expected).Within(1e-18));
    }

    [Test]
    public void An_equal_loss_is_neither_better_nor_worse()
        => Assert.That(
            Trace(LearningRateSchedules.TclrReference, [.. Enumerable.Repeat(10.0, 20)]),
            Is.EqualTo((double[])[1e-5, 5e-5, 1e-4, 5e-4, .. Enumerable.Repeat(1e-3, 16)]).Within(1e-18));

    [Test]
    public void The_paper_of_TCLR_warms_up_for_ten_epochs()
        => Assert.That(
            Trace(LearningRateSchedules.TclrPaper, [.. Enumerable.Range(0, 12).Select(epoch => -(double)epoch)]),
            Is.EqualTo((double[])[1e-4, 2e-4, 3e-4, 4e-4, 5e-4, 6e-4, 7e-4, 8e-4, 9e-4, 1e-3, 1e-3, 1e-3]).Within(1e-18));

    [TestCase(0, 0.0)]
    [TestCase(1, 0.0001787951224)]
    [TestCase(100, 0.01787951224)]
    [TestCase(1786, 0.3193280886)]
    [TestCase(1787, 0.3195068837)]
    [TestCase(10000, 0.304797227)]
    [TestCase(35744, 0.16)]
    [TestCase(71487, 1.544982098e-10)]
    [TestCase(71488, 0.0)]
    public void Pre_training_of_CVRL_follows_its_official_configuration(long step, double expected)
        => Assert.That(0.32 * LearningRateSchedules.Cvrl(1787).Factor(At(step, 71488)), Is.EqualTo(expected).Within(1e-9 * Math.Max(expected, 1e-9)));

    [TestCase(1, 0.0177968984)]
    [TestCase(1787, 31.80305744)]
    [TestCase(17872, 16.0)]
    [TestCase(35743, 6.179928214e-08)]
    public void Linear_evaluation_of_CVRL_follows_its_official_configuration(long step, double expected)
        => Assert.That(32 * LearningRateSchedules.Cvrl(1787).Factor(At(step, 35744)), Is.EqualTo(expected).Within(1e-9 * expected));

    // The official linear evaluation with 357 steps in each of 100 epochs; five epochs of warm-up.
    [TestCase(0, 0.0)]
    [TestCase(1785, 31.80301345)]
    [TestCase(17850, 16.0)]
    public void The_warm_up_of_CVRL_can_be_given_in_epochs(long step, double expected)
    {
        var position = new SchedulePosition(step, 35700, 357, []);

        Assert.That(32 * LearningRateSchedules.Cvrl(warmupEpochs: 5).Factor(position), Is.EqualTo(expected).Within(1e-7));
        Assert.That(LearningRateSchedules.Cvrl(warmupEpochs: 5).Factor(position), Is.EqualTo(LearningRateSchedules.Cvrl(1785).Factor(position)));
    }

    [Test]
    public void A_warm_up_in_epochs_rises_within_an_epoch()
    {
        for (int step = 0; step < 80; step++)
        {
            Assert.That(
                LearningRateSchedules.Cvrl(warmupEpochs: 0.5).Factor(At(step, 80, stepsPerEpoch: 8)),
                Is.EqualTo(LearningRateSchedules.Cvrl(4).Factor(At(step, 80, stepsPerEpoch: 8))));
        }
    }

    [Test]
    public void A_plateau_can_be_counted_in_total_and_end_the_run()
    {
        // Better and worse by turns: every second epoch counts, and no improvement resets the count.
        double[] losses = [.. Enumerable.Range(0, 60).Select(epoch => epoch % 2 == 0 ? 100 - epoch : 1000.0)];

        var rates = TraceToTheEnd(LearningRateSchedules.Plateau(patience: 3, consecutive: false, stopBelow: 1e-5), 1e-2, losses);

        // Epochs 1, 3 and 5 count, so epoch 6 is the first with a tenth.
        double[] expected = [.. Enumerable.Repeat(1e-2, 6), .. Enumerable.Repeat(1e-3, 6), .. Enumerable.Repeat(1e-4, 6), .. Enumerable.Repeat(1e-5, 6)];
        Assert.That(rates, Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void A_consecutive_plateau_restarts_with_each_improvement()
    {
        double[] losses = [5, 6, 6, 4, 6, 6, 6, 6, 3, 3, 3, 3, 3];

        var rates = TraceToTheEnd(LearningRateSchedules.Plateau(patience: 3), 1, losses);

        // 6, 6 are not enough; after 6, 6, 6 comes a tenth; 3 again is no worse.
        Assert.That(rates, Is.EqualTo(new[] { 1, 1, 1, 1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1 }).Within(1e-12));
    }

    [Test]
    public void The_authors_rule_is_a_consecutive_plateau_of_nine()
    {
        double[] losses = [.. Enumerable.Range(0, 12).Select(e => 50.0 - e), .. Enumerable.Repeat(45.0, 25), 30, .. Enumerable.Repeat(31.0, 12)];

        // From the authors' main loop, after its own warm-up.
        double[] expected = [.. Enumerable.Repeat(1e-3, 16), .. Enumerable.Repeat(1e-4, 9), .. Enumerable.Repeat(1e-5, 17), .. Enumerable.Repeat(1e-6, 3)];
        Assert.That(TraceToTheEnd(LearningRateSchedules.Plateau(), 1e-3, losses).Skip(5), Is.EqualTo(expected).Within(1e-15));
    }

    [Test]
    public void The_warm_up_of_a_plateau_is_linear()
        => Assert.That(
            TraceToTheEnd(LearningRateSchedules.Plateau(warmupEpochs: 4), 1, [9, 8, 7, 6, 5, 4]),
            Is.EqualTo(new[] { 0.25, 0.5, 0.75, 1, 1, 1 }).Within(1e-12));

    [Test]
    public void Milestones_are_epochs()
    {
        var schedule = LearningRateSchedules.MultiStep([120, 160]);

        Assert.Multiple(() =>
        {
            Assert.That(schedule.Factor(At(1199, 2000, 10)), Is.EqualTo(1));
            Assert.That(schedule.Factor(At(1200, 2000, 10)), Is.EqualTo(0.1).Within(1e-15));
            Assert.That(schedule.Factor(At(1600, 2000, 10)), Is.EqualTo(0.01).Within(1e-15));
        });
    }

    [Test]
    public void Schedules_go_through_JSON()
    {
        ILearningRateSchedule[] schedules =
        [
            LearningRateSchedules.Constant, LearningRateSchedules.WarmupCosine(5, 0.1), LearningRateSchedules.Cvrl(7),
            LearningRateSchedules.MultiStep([3, 9], 0.5), LearningRateSchedules.TclrReference,
            LearningRateSchedules.Cvrl(warmupEpochs: 1.5), LearningRateSchedules.Plateau(3, 0.5, 2, consecutive: false, stopBelow: 1e-4),
        ];

        foreach (var schedule in schedules)
        {
            string json = JsonSerializer.Serialize(schedule);
            var back = JsonSerializer.Deserialize<ILearningRateSchedule>(json)!;
            Assert.That(back, Is.TypeOf(schedule.GetType()));
            Assert.That(JsonSerializer.Serialize(back), Is.EqualTo(json));
        }
    }

    [Test]
    public void Nonsense_is_refused()
    {
        Assert.Catch<ArgumentOutOfRangeException>(() => LearningRateSchedules.WarmupCosine(-1));
        Assert.Catch<ArgumentOutOfRangeException>(() => LearningRateSchedules.WarmupCosine(1, 2));
        Assert.Catch<ArgumentOutOfRangeException>(() => LearningRateSchedules.Cvrl(-1));
        Assert.Catch<ArgumentException>(() => LearningRateSchedules.MultiStep([5, 5]));
        Assert.Catch<ArgumentOutOfRangeException>(() => LearningRateSchedules.MultiStep([5], 0));
        Assert.Catch<ArgumentOutOfRangeException>(() => new WarmupPlateauSchedule([-1]));
        Assert.Catch<ArgumentOutOfRangeException>(() => LearningRateSchedules.Plateau(patience: 0));
        Assert.Catch<ArgumentOutOfRangeException>(() => LearningRateSchedules.Plateau(decay: 1.1));
        Assert.Catch<ArgumentOutOfRangeException>(() => LearningRateSchedules.Plateau(warmupEpochs: -1));
        Assert.Catch<ArgumentOutOfRangeException>(() => LearningRateSchedules.Plateau(stopBelow: -1));
        Assert.Catch<ArgumentOutOfRangeException>(() => LearningRateSchedules.Cvrl(warmupEpochs: -1));
    }

    private static SchedulePosition At(long step, long total, int stepsPerEpoch = 10) => new(step, total, stepsPerEpoch, []);

    // The learning rate of each epoch up to that in which the schedule ends the run.
    private static List<double> TraceToTheEnd(ILearningRateSchedule schedule, double learningRate, double[] losses)
        => [.. losses.Select((_, epoch) => new SchedulePosition(epoch, losses.Length, 1, losses[..epoch]))
            .TakeWhile(position => !schedule.IsFinished(position, learningRate))
            .Select(position => learningRate * schedule.Factor(position))];

    // The learning rate of each epoch, told the losses of those before.
    private static double[] Trace(ILearningRateSchedule schedule, double[] losses)
        => [.. losses.Select((_, epoch) => 1e-3 * schedule.Factor(new SchedulePosition(epoch * 4, losses.Length * 4, 4, losses[..epoch])))];
}
