namespace Tclr.Data.Tests;

public sealed class VideoIndexTests
{
    [Test]
    public async Task Faulty_videos_are_listed_with_the_reason_and_left_out()
    {
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 6; i++)
        {
            TestVideos.Write(folder[$"c/good{i}.avi"], frames: 12 + i, video: i);
        }

        File.WriteAllText(folder["c/text.avi"], "This is not a video.");
        File.WriteAllBytes(folder["c/empty.mp4"], []);
        TestVideos.Write(folder["c/short.avi"], frames: 5);
        var dataset = VideoDatasets.Folder(folder.Path);
        dataset = new VideoDataset(dataset.Name, [.. dataset.Items, new VideoItem(folder["c/zgone.avi"], "c", 0)], dataset.Classes);

        var index = await VideoIndex.ScanAsync(dataset, new VideoIndexOptions { MinimumFrames = 8, MaximumFaultyShare = 0.5 });

        Assert.Multiple(() =>
        {
            Assert.That(index.Dataset, Is.SameAs(dataset));
            Assert.That(index.Items.Select(item => Path.GetFileName(item.Path)), Is.EqualTo(Enumerable.Range(0, 6).Select(i => $"good{i}.avi")));
            Assert.That(index.Infos, Is.EqualTo(Enumerable.Range(0, 6).Select(i => new VideoInfo(12 + i, 32, 24, 25) { Codec = "ffv1", AnnouncedFrames = 12 + i, ConstantFormat = true })));
            Assert.That(index.Faulty.Select(video => (Path.GetFileName(video.Path), video.Fault)), Is.EqualTo(new[]
            {
                ("empty.mp4", VideoFault.NotAVideo), ("short.avi", VideoFault.TooShort), ("text.avi", VideoFault.NotAVideo), ("zgone.avi", VideoFault.Missing),
            }));
            Assert.That(index.Faulty[1].Reason, Does.Contain("5 frames").And.Contain("8"));
        });
    }

    [Test]
    public async Task Frames_are_counted_where_the_header_lies()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["c/cut.avi"], frames: 40);
        TestVideos.Truncate(path, 0.5);
        var index = await VideoIndex.ScanAsync(VideoDatasets.Folder(folder.Path));
        Assert.That(index.Infos[0].Frames, Is.InRange(15, 25));
    }

    [Test]
    public void Too_many_faulty_videos_are_an_error_that_names_them()
    {
        var reader = new FakeVideoReader();
        reader.Broken.UnionWith(["v03", "v05", "v07"]);
        Assert.That(
            () => reader.IndexAsync(20),
            Throws.TypeOf<VideoDataException>()
                .With.Message.Contains("3 of the 20 videos of 'fake'").And.Message.Contains("2 at most").And.Message.Contains("'v05': broken on purpose"));
    }

    [Test]
    public async Task One_faulty_video_is_always_tolerated()
    {
        var reader = new FakeVideoReader();
        reader.Broken.Add("v01");
        var index = await reader.IndexAsync(3);
        Assert.That(index.Items.Select(item => item.Path), Is.EqualTo(new[] { "v00", "v02" }));
    }

    [Test]
    public void Nothing_usable_is_an_error()
    {
        var reader = new FakeVideoReader();
        reader.Broken.Add("v00");
        Assert.That(() => reader.IndexAsync(1), Throws.TypeOf<VideoDataException>().With.Message.Contains("no usable video").And.Message.Contains("'v00'"));
        Assert.That(() => reader.IndexAsync(0), Throws.TypeOf<VideoDataException>().With.Message.Contains("It is empty"));
    }

    [Test]
    public async Task Progress_counts_up_to_the_end()
    {
        var reader = new FakeVideoReader();
        reader.Broken.Add("v02");
        var progress = new Callback<VideoScanProgress>();
        var items = Enumerable.Range(0, 9).Select(i => new VideoItem($"v{i:D2}", "some", 0)).ToList();
        await VideoIndex.ScanAsync(new VideoDataset("fake", items, ["some"]), new VideoIndexOptions { Reader = reader, Workers = 4 }, progress);
        Assert.That(progress.Reports.Select(value => value.Done), Is.EqualTo(Enumerable.Range(1, 9)));
        Assert.That(progress.Reports[^1], Is.EqualTo(new VideoScanProgress(9, 9, 1)));
    }

    [Test]
    public async Task Long_videos_report_on_the_way()
    {
        using var folder = new TemporaryFolder();
        var shares = new Callback<double>();
        var reader = new OpenCvVideoReader();
        string path = TestVideos.Write(folder["c/v.avi"], frames: 400, width: 16, height: 16);
        reader.Probe(path, proveSeeks: false, shares, CancellationToken.None);
        Assert.That(shares.Reports, Has.Count.GreaterThan(4).And.Ordered.And.All.InRange(0, 1));
        var proved = new Callback<double>();
        reader.Probe(path, proveSeeks: true, proved, CancellationToken.None);
        Assert.That(proved.Reports, Has.Count.GreaterThan(8).And.Ordered.And.All.InRange(0, 1));

        var progress = new Callback<VideoScanProgress>();
        await VideoIndex.ScanAsync(
            new VideoDataset("slow", [new VideoItem("v", "some", 0)], ["some"]), new VideoIndexOptions { Reader = new SlowReader() }, progress);
        Assert.That(progress.Reports, Has.Count.InRange(2, 4));
        Assert.That(progress.Reports[0], Is.EqualTo(new VideoScanProgress(0, 1, 0, 0.5)));
        Assert.That(progress.Reports[^1], Is.EqualTo(new VideoScanProgress(1, 1, 0)));
    }

    [Test]
    public void A_scan_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        var reader = new FakeVideoReader
        {
            OnRead = (_, token) =>
            {
                stop.Cancel();
                token.WaitHandle.WaitOne();
                token.ThrowIfCancellationRequested();
            },
        };
        var dataset = new VideoDataset("fake", [new VideoItem("v", "some", 0)], ["some"]);
        Assert.That(
            () => VideoIndex.ScanAsync(dataset, new VideoIndexOptions { Reader = reader }, cancellationToken: stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Options_are_checked()
    {
        var dataset = new VideoDataset("fake", [new VideoItem("v", "some", 0)], ["some"]);
        Assert.Multiple(() =>
        {
            foreach (var options in new VideoIndexOptions[] { new() { MinimumFrames = 0 }, new() { Workers = 0 }, new() { MaximumFaultyShare = 1.5 }, new() { MaximumFaultyShare = double.NaN } })
            {
                Assert.That(() => VideoIndex.ScanAsync(dataset, options), Throws.TypeOf<ArgumentOutOfRangeException>(), options.ToString());
            }
        });
    }

    [Test]
    public async Task Shared_videos_have_the_frames_of_the_manifest()
    {
        var entries = SharedVideos.Require();
        var items = entries.Select(entry => new VideoItem(entry.Path, "shared", 0)).ToList();
        var index = await VideoIndex.ScanAsync(new VideoDataset("shared", items, ["shared"]));
        Assert.Multiple(() =>
        {
            Assert.That(index.Faulty, Is.Empty);
            foreach (var (entry, info) in entries.Zip(index.Infos))
            {
                var size = entry.Rotation % 180 == 0 ? (entry.Width, entry.Height) : (entry.Height, entry.Width);
                Assert.That((info.Frames, info.Width, info.Height), Is.EqualTo((entry.Frames, size.Item1, size.Item2)), entry.ToString());
            }
        });
    }

    private sealed class SlowReader : IVideoReader
    {
        public VideoInfo Probe(string path, bool proveSeeks = false, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public VideoInfo Probe(string path, bool proveSeeks, IProgress<double>? progress, CancellationToken cancellationToken)
        {
            progress!.Report(0.1);
            Thread.Sleep(1100);
            progress.Report(0.5);
            progress.Report(0.6);
            return new VideoInfo(40, 32, 24, 25);
        }

        public FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, VideoInfo? known = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
