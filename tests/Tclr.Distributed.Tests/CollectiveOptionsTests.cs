namespace Tclr.Distributed.Tests;

public sealed class CollectiveOptionsTests
{
    [Test]
    public void Values_out_of_range_are_named()
    {
        Assert.That(
            () => Collectives.FromLauncher(new CollectiveOptions { TimeLimit = TimeSpan.FromMilliseconds(99), ChunkBytes = 4095 }),
            Throws.ArgumentException.With.Message.Contains("TimeLimit: expected 100 ms or more").And.Message.Contains("ChunkBytes: expected 4096 to 1073741824, got 4095"));
    }

    [Test]
    public void The_defaults_are_in_range()
    {
        var check = new OptionChecker();
        new CollectiveOptions().Check(check);
        (new CollectiveOptions() with { TimeLimit = Timeout.InfiniteTimeSpan }).Check(check);
        Assert.That(check.Problems, Is.Empty);
    }

    [Test]
    public void What_must_be_equal_on_all_ranks_names_program_and_libraries()
    {
        string[] settings = [.. new CollectiveOptions().Settings("MPI X 1.2")];

        Assert.That(settings[0], Does.Match(@"Tclr\.Core \d+\.\d+\.\d+ \([0-9a-f]{8}\).*Tclr\.Distributed .*TorchSharp "));
        Assert.That(settings[1..], Is.EqualTo(["MPI X 1.2", "TimeLimit 00:10:00", "ChunkBytes 262144"]));
    }
}
