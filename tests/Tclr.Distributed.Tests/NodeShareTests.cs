using System.Diagnostics;

namespace Tclr.Distributed.Tests;

/// <summary>Which GPU and how many processors of its node a process gets.</summary>
public sealed class NodeShareTests
{
    // Two nodes: ranks 0, 2 and 3 on the first, where 3 is bound to processors of its own; rank 1 alone on the second.
    private static readonly NodeProcess[] Processes =
    [
        new("a", "host a", "0-7", "pid:[1]", 100), new("b", "host b", "0-7", "pid:[1]", 100), new("a", "host a", "0-7", "pid:[1]", 102), new("a", "host a", "8-11", "pid:[1]", 103),
    ];

    [Test]
    public void Ranks_are_counted_on_each_node()
        => Assert.That(Processes.Select((_, rank) => new NodeShare(Processes, rank).LocalRank), Is.EqualTo([0, 0, 1, 2]));

    [Test]
    public void Processes_on_the_same_processors_share_them()
        => Assert.That(Processes.Select((_, rank) => new NodeShare(Processes, rank).Threads(8)), Is.EqualTo([4, 8, 4, 8]));

    [Test]
    public void Each_has_one_thread_at_least()
        => Assert.That(new NodeShare(Processes, 0).Threads(1), Is.EqualTo(1));

    [Test]
    public void Each_sees_one_device()
    {
        var third = new NodeShare(Processes, 3);

        Assert.That(third.Device(null), Is.EqualTo("2"));
        Assert.That(third.Device("4, 5,GPU-6f,7"), Is.EqualTo("GPU-6f"));
        Assert.That(third.Device("3"), Is.Null, "bound by the launcher");
        Assert.That(third.Device(string.Empty), Is.Null, "devices hidden by the user");
        Assert.That(() => third.Device("0,1"), Throws.InstanceOf<CollectiveException>().With.Message.Contains("process 2 of 3 on host a").And.Message.Contains("lists 2 devices: '0,1'"));
    }

    [Test]
    public void The_text_says_everything()
        => Assert.That(NodeProcess.Parse(Processes[3].Text()), Is.EqualTo(Processes[3]));

    [Test]
    public void A_process_that_is_gone_is_seen_on_its_node_only()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("processes are looked at in /proc");
        }

        var here = NodeProcess.Current();

        // Process numbers end at 4,194,304.
        var gone = here with { Id = 5_000_000 };
        Assert.That(here.Id, Is.EqualTo(Environment.ProcessId));
        Assert.That(here.Standstill(here), Is.Null);
        Assert.That(gone.Standstill(here), Is.EqualTo("has ended"));
        Assert.That((gone with { Node = "another" }).Standstill(here), Is.Null);
        Assert.That((gone with { ProcessSpace = "pid:[0]" }).Standstill(here), Is.Null);
    }

    [Test]
    public void A_process_that_is_stopped_is_seen()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Ignore("processes are looked at in /proc");
        }

        var here = NodeProcess.Current();
        using var sleep = Process.Start("sleep", "300");
        try
        {
            var other = here with { Id = sleep.Id };
            Assert.That(other.Standstill(here), Is.Null);
            Signals.Send(sleep.Id, Signals.Stop);
            Assert.That(() => other.Standstill(here), Is.EqualTo("is stopped").After(60_000, 10));
        }
        finally
        {
            sleep.Kill();
        }
    }
}
