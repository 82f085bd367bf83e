namespace Tclr.Core.Tests;

public sealed class LearningRateScheduleTests
{
    [Test]
    public void Warmup_rises_linearly_and_the_cosine_falls_to_its_end()
    {
        var schedule = LearningRateSchedules.WarmupCosine(10, 0.05);

        Assert.Multiple(() =>
        {
            Assert.That(schedule.Factor(0, 160), Is.EqualTo(0.1).Within(1e-15));
            Assert.That(schedule.Factor(9, 160), Is.EqualTo(1).Within(1e-15));
            Assert.That(schedule.Factor(10, 160), Is.EqualTo(1).Within(1e-15));
            Assert.That(schedule.Factor(85, 160), Is.EqualTo(0.525).Within(1e-15));
            Assert.That(schedule.Factor(160, 160), Is.EqualTo(0.05).Within(1e-15));
            Assert.That(schedule.Factor(500, 160), Is.EqualTo(0.05).Within(1e-15));
        });
    }

    [Test]
    public void The_constant_schedule_is_constant() => Assert.That(LearningRateSchedules.Constant.Factor(123, 200), Is.EqualTo(1));

    [Test]
    public void Nonsense_is_refused()
    {
        Assert.Catch<ArgumentOutOfRangeException>(() => LearningRateSchedules.WarmupCosine(-1));
        Assert.Catch<ArgumentOutOfRangeException>(() => LearningRateSchedules.WarmupCosine(1, 2));
    }
}
