namespace Tclr.Data.Tests;

[NoTensorLeaks]
public sealed class VideoWindowTests
{
    private readonly FakeVideoReader reader = new() { Frames = 40 };

    // 40 frames at 25 frames per second; a window of 4 frames, stride 2, shows 7.
    [TestCase(null, null, "0 8 16 24 32")]
    [TestCase(10, null, "0 10 20 30")]
    [TestCase(11, null, "0 11 22 33")]
    [TestCase(40, null, "0")]
    [TestCase(null, 0.5, "0 12 24")]
    [TestCase(null, 0.001, "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33")]
    public async Task Windows_start_a_hop_apart_as_long_as_they_fit(int? hopFrames, double? hopSeconds, string starts)
    {
        var windows = VideoWindow.Slide(await reader.IndexAsync(2), 4, 2, hopFrames, hopSeconds);
        int[] expected = [.. starts.Split(' ').Select(int.Parse)];
        Assert.That(windows.Select(window => window.Frames[0]), Is.EqualTo(expected.Concat(expected)));
        Assert.That(windows.Select(window => window.Video.Path), Is.EqualTo(expected.Select(_ => "v00").Concat(expected.Select(_ => "v01"))));
        foreach (var window in windows)
        {
            int first = window.Frames[0];
            Assert.That(window.Frames, Is.EqualTo(new[] { first, first + 2, first + 4, first + 6 }));
            Assert.That(window.Start, Is.EqualTo(TimeSpan.FromSeconds(first / 25.0)));
            Assert.That(window.End, Is.EqualTo(TimeSpan.FromSeconds((first + 7) / 25.0)));
        }
    }

    [Test]
    public async Task A_short_video_has_one_window_played_back_and_forth()
    {
        var window = VideoWindow.Slide(await new FakeVideoReader { Frames = 3 }.IndexAsync(1), clipLength: 5, stride: 1).Single();
        Assert.That(window.Frames, Is.EqualTo(new[] { 0, 1, 2, 1, 0 }));
        Assert.That((window.Start, window.End, window.Name), Is.EqualTo(((TimeSpan?)TimeSpan.Zero, (TimeSpan?)TimeSpan.FromSeconds(0.12), "v00#frames=0-2")));
    }

    [Test]
    public async Task A_loader_reads_each_window_as_a_sample()
    {
        var windows = VideoWindow.Slide(await reader.IndexAsync(2), 4, 2, hopFrames: 15);
        var loader = new ClipLoader(windows, reader, Augmentations.Start().Resize(24, 32));
        Assert.That(loader.SampleCount, Is.EqualTo(6));
        var names = new List<string>();
        await foreach (var batch in loader.ReadInOrderAsync(4))
        {
            using (batch)
            {
                names.AddRange(batch.Samples);
                Assert.That(batch.Clips.shape, Is.EqualTo(new long[] { 1, batch.Samples.Count, 3, 4, 24, 32 }));
            }
        }

        Assert.That(names, Is.EqualTo(windows.Select(window => window.Name)));
        Assert.That(reader.Requests, Is.EquivalentTo(windows.Select(window => window.Frames)));
    }

    [Test]
    public async Task Many_crops_are_views_of_a_clip()
    {
        var loader = new ClipLoader(await reader.IndexAsync(1), reader, ClipSamplers.CvrlTest(clips: 2, clipLength: 3), Augmentations.CvrlTest(20));
        using var batch = (await loader.ReadInOrderAsync(1).FirstAsync())!;
        Assert.That(loader.Layout.Count, Is.EqualTo(6));
        Assert.That(batch.Clips.shape, Is.EqualTo(new long[] { 6, 1, 3, 3, 20, 20 }));

        // The resized picture is 26 wide: crop 1 starts 3 columns after crop 0, crop 2 ends 3 after crop 1.
        using var scope = TorchSharp.torch.NewDisposeScope();
        var shared = (batch.Clips[0, 0].narrow(3, 3, 17) - batch.Clips[1, 0].narrow(3, 0, 17)).abs().max();
        var other = (batch.Clips[4, 0].narrow(3, 3, 17) - batch.Clips[5, 0].narrow(3, 0, 17)).abs().max();
        Assert.That((shared.item<float>(), other.item<float>()), Is.EqualTo((0f, 0f)));
        Assert.That(
            () => new ClipLoader(VideoIndexOf(), reader, ClipSamplers.Tclr(4), Augmentations.CvrlTest(20)), Throws.ArgumentException.With.Message.Contains("3 crops"));

        VideoIndex VideoIndexOf() => reader.IndexAsync(1).GetAwaiter().GetResult();
    }

    [Test]
    public async Task Without_a_frame_rate_times_are_unknown_and_seconds_are_refused()
    {
        var untimed = await new FakeVideoReader { Frames = 40, FramesPerSecond = 0 }.IndexAsync(1);
        var window = VideoWindow.Slide(untimed, clipLength: 4, hopFrames: 30)[1];
        Assert.That((window.Frames[0], window.Start, window.End), Is.EqualTo((30, (TimeSpan?)null, (TimeSpan?)null)));
        Assert.That(() => VideoWindow.Slide(untimed, hopSeconds: 1), Throws.TypeOf<VideoDataException>().With.Message.Contains("'v00'"));
        Assert.That(() => VideoWindow.Slide(untimed, stride: ClipStride.Seconds(1)), Throws.TypeOf<VideoDataException>().With.Message.Contains("'v00'"));
    }

    [Test]
    public async Task Mistakes_are_named()
    {
        var index = await reader.IndexAsync(1);
        var windows = VideoWindow.Slide(index);
        Assert.Multiple(() =>
        {
            Assert.That(() => VideoWindow.Slide(null!), Throws.ArgumentNullException);
            Assert.That(() => VideoWindow.Slide(index, clipLength: 0), Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("clipLength: expected 1 or more, got 0"));
            Assert.That(() => VideoWindow.Slide(index, hopFrames: 0), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => VideoWindow.Slide(index, hopSeconds: double.NaN), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => VideoWindow.Slide(index, hopFrames: 1, hopSeconds: 1), Throws.TypeOf<ArgumentOutOfRangeException>());
            Assert.That(() => new ClipLoader([], reader, Augmentations.Evaluation(16)), Throws.ArgumentException);
            Assert.That(() => new ClipLoader([windows[0], windows[0] with { Frames = [1] }], reader, Augmentations.Evaluation(16)), Throws.ArgumentException.With.Message.Contains("16, 1"));
        });
    }
}
