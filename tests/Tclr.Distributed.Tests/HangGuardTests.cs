namespace Tclr.Distributed.Tests;

public sealed class HangGuardTests
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);

    private readonly ManualResetEventSlim expired = new();
    private string? message;

    [OneTimeTearDown]
    public void Release() => expired.Dispose();

    [Test]
    public void A_call_that_lasts_too_long_is_reported_by_name()
    {
        using var guard = new HangGuard(TimeSpan.FromMilliseconds(100), Expire);
        using (guard.Begin("Barrier no. 1"))
        {
        }

        using var watch = guard.Begin("AllReduce no. 2");
        Assert.That(expired.Wait(Generous), Is.True);
        Assert.That(message, Is.EqualTo("waited 0.1 s for the other ranks in AllReduce no. 2"));
    }

    [Test]
    public void Faults_in_the_background_are_reported_between_calls()
    {
        using var guard = new HangGuard(Timeout.InfiniteTimeSpan, Expire);
        guard.Ask(passed => passed > TimeSpan.Zero ? "got an error" : null);
        Assert.That(expired.Wait(Generous), Is.True);
        Assert.That(message, Is.EqualTo("got an error"));
    }

    [Test]
    public void Only_the_time_of_the_process_itself_counts()
    {
        using var guard = new HangGuard(Generous, _ => { });
        using var watch = guard.Begin("Barrier no. 1");
        Assert.That(watch.Expired(TimeSpan.FromSeconds(59), Generous), Is.Null);
        Assert.That(watch.Expired(TimeSpan.FromSeconds(59), Timeout.InfiniteTimeSpan), Is.Null);
        Assert.That(watch.Expired(TimeSpan.FromSeconds(59), Generous), Is.EqualTo("waited 60 s for the other ranks in Barrier no. 1"));
    }

    [SetUp]
    public void Begin()
    {
        message = null;
        expired.Reset();
    }

    private void Expire(string what)
    {
        message = what;
        expired.Set();
    }
}
