using Tclr.Core;

namespace Tclr.Data.Tests;

[NoTensorLeaks]
public sealed class LoaderStatisticsTests
{
    [Test]
    public async Task What_was_done_is_counted()
    {
        var reader = new FakeVideoReader();
        var loader = new ClipLoader(await reader.IndexAsync(9), reader, ClipSamplers.Tclr(8), Augmentations.Demo(16), new ClipLoaderOptions { Workers = 2 });
        Assert.That(loader.Statistics, Is.EqualTo(new LoaderStatistics(0, 0, 0, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, 0)));
        await ReadAsync(loader);
        var statistics = loader.Statistics;
        Assert.That((statistics.Batches, statistics.Samples, statistics.Frames, statistics.Faulty), Is.EqualTo((2, 8, 8 * 32, 0)));
        Assert.That(statistics.Augment, Is.GreaterThan(TimeSpan.Zero));
    }

    [Test]
    public async Task Times_go_where_they_are_spent()
    {
        var slow = new FakeVideoReader { OnRead = (_, _) => Thread.Sleep(20) };
        var starved = new ClipLoader(await slow.IndexAsync(8), slow, ClipSamplers.Tclr(8), Augmentations.Demo(16), new ClipLoaderOptions { Workers = 1 });
        await ReadAsync(starved);
        Assert.That(starved.Statistics.Decode, Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(8 * 20)));
        Assert.That(starved.Statistics.TrainerWait, Is.GreaterThanOrEqualTo(TimeSpan.FromMilliseconds(4 * 20)), "the first batch cannot come before");

        var quick = new FakeVideoReader();
        var ahead = new ClipLoader(await quick.IndexAsync(40), quick, ClipSamplers.Tclr(8), Augmentations.Demo(16), new ClipLoaderOptions { Workers = 1, PrefetchBatches = 1 });
        await ReadAsync(ahead, pause: 50);
        Assert.That(ahead.Statistics.WorkerWait, Is.GreaterThan(TimeSpan.FromMilliseconds(50)), "a slow trainer");
    }

    [Test]
    public async Task Faults_and_a_summary_are_logged()
    {
        var reader = new FakeVideoReader();
        var index = await reader.IndexAsync(8);
        reader.Broken.UnionWith(["v02", "v05"]);
        var log = new ListLogger();
        var loader = new ClipLoader(index, reader, ClipSamplers.Tclr(8), Augmentations.Demo(16), new ClipLoaderOptions { Logger = log, MaximumFaultyShare = 0.5 });
        await ReadAsync(loader);
        Assert.Multiple(() =>
        {
            Assert.That(log.Lines.Count(line => line.Contains("is faulty (DecodeError): broken on purpose", StringComparison.Ordinal)), Is.EqualTo(2));
            Assert.That(log.Lines[^2], Does.StartWith("Information: Loaded 8 samples in 2 batches; the trainer waited").And.EndWith("2 faulty videos"));
            Assert.That(log.Lines[^1], Does.StartWith("Warning: 2 faulty videos: 2 DecodeError\n").And.Contain("'v02': broken on purpose"));
            Assert.That(loader.Statistics.Faulty, Is.EqualTo(2));
            Assert.That(loader.Statistics.Substitutes, Is.EqualTo(2));
            Assert.That(loader.Statistics.Quarantined, Is.Zero, "what is no file may come back");
        });
    }

    [Test]
    public void A_report_counts_by_kind_and_shows_the_first_ten()
    {
        var faulty = Enumerable.Range(0, 13).Select(i => new FaultyVideo($"v{i}", i % 4 == 0 ? VideoFault.TimeOut : VideoFault.Truncated, "why")).ToList();
        string report = FaultReport.Describe(faulty);
        Assert.That(report, Does.StartWith("13 faulty videos: 9 Truncated, 4 TimeOut\n  'v0': why").And.EndWith("'v9': why\n  and 3 more"));
        Assert.That(FaultReport.Describe([]), Is.EqualTo("no faulty videos"));
        Assert.That(FaultReport.Describe(faulty[..1]), Does.StartWith("1 faulty video: 1 TimeOut"));
    }

    private static async Task ReadAsync(ClipLoader loader, int pause = 0)
    {
        await foreach (var batch in loader.ReadAsync(new EpochRequest(1, 0, 4)))
        {
            batch.Dispose();
            await Task.Delay(pause);
        }
    }
}
