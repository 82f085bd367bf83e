namespace Tclr.Data.Tests;

public sealed class SeekPlanTests
{
    [Test]
    public void WithoutExactSeeksAllIsReadFromTheStart()
        => Assert.That(SeekPlan.Of([500, 900], exact: false), Is.EqualTo(new[] { new SeekPlan.Run(0, 0, 2) }));

    [Test]
    public void AWindowIsSoughtFromTheTargetBeforeIt()
        => Assert.That(SeekPlan.Of([.. Enumerable.Range(95, 64)], exact: true), Is.EqualTo(new[] { new SeekPlan.Run(64, 0, 64) }));

    [Test]
    public void ALongWindowIsReadFromTheStart()
        => Assert.That(SeekPlan.Of([.. Enumerable.Range(100, 100)], exact: true), Is.EqualTo(new[] { new SeekPlan.Run(0, 0, 100) }));

    [TestCase(127, 32)]
    [TestCase(128, 0)]
    public void ReachEndsAfter96Frames(int last, int target)
        => Assert.That(SeekPlan.Of([40, last], exact: true).Single().Target, Is.EqualTo(target));

    [Test]
    public void OnlyLongGapsAreSkipped()
        => Assert.That(
            SeekPlan.Of([3, 259, 516, 520], exact: true),
            Is.EqualTo(new[] { new SeekPlan.Run(0, 0, 2), new SeekPlan.Run(512, 2, 4) }));

    [Test]
    public void EveryWindowOf64IsWithinReach([Range(0, 200, 7)] int start)
    {
        var run = SeekPlan.Of([.. Enumerable.Range(start, 64)], exact: true).Single();
        Assert.That(run.Target, Is.LessThanOrEqualTo(start).And.GreaterThan(start - SeekPlan.Interval));
        Assert.That(start + 63, Is.LessThan(run.Target + SeekPlan.Reach));
    }
}
