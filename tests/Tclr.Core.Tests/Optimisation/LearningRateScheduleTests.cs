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
        Assert.Catch<ArgumentOutOfRangeException>(() => new WarmupPlateauSchedule([], patience: 0));
    }

    private static SchedulePosition At(long step, long total, int stepsPerEpoch = 10) => new(step, total, stepsPerEpoch, []);

    // The learning rate of each epoch, told the losses of those before.
    private static double[] Trace(ILearningRateSchedule schedule, double[] losses)
        => [.. losses.Select((_, epoch) => 1e-3 * schedule.Factor(new SchedulePosition(epoch * 4, losses.Length * 4, 4, losses[..epoch])))];
}
