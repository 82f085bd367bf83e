namespace Tclr.Data.Tests;

public sealed class SeekPlanTests
{
    [Test]
    public void Without_exact_seeks_all_is_read_from_the_start()
        => Assert.That(SeekPlan.Of([500, 900], exact: false), Is.EqualTo(new[] { new SeekPlan.Run(0, 0, 2) }));

    [Test]
    public void A_window_is_sought_from_the_target_before_it()
        => Assert.That(SeekPlan.Of([.. Enumerable.Range(95, 64)], exact: true), Is.EqualTo(new[] { new SeekPlan.Run(64, 0, 64) }));

    [Test]
    public void A_long_window_is_read_from_the_start()
        => Assert.That(SeekPlan.Of([.. Enumerable.Range(100, 100)], exact: true), Is.EqualTo(new[] { new SeekPlan.Run(0, 0, 100) }));

    [TestCase(127, 32)]
    [TestCase(128, 0)]
    public void Reach_ends_after_96_frames(int last, int target)
        => Assert.That(SeekPlan.Of([40, last], exact: true).Single().Target, Is.EqualTo(target));

    [Test]
    public void Only_long_gaps_are_skipped()
        => Assert.That(
            SeekPlan.Of([3, 259, 516, 520], exact: true),
            Is.EqualTo(new[] { new SeekPlan.Run(0, 0, 2), new SeekPlan.Run(512, 2, 4) }));

    [Test]
    public void Every_window_of_64_is_within_reach([Range(0, 200, 7)] int start)
    {
        var run = SeekPlan.Of([.. Enumerable.Range(start, 64)], exact: true).Single();
        Assert.That(run.Target, Is.LessThanOrEqualTo(start).And.GreaterThan(start - SeekPlan.Interval));
        Assert.That(start + 63, Is.LessThan(run.Target + SeekPlan.Reach));
    }
}
