using Tclr.Core;

namespace Tclr.Data.Tests;

[NoTensorLeaks]
public sealed class QuarantineTests
{
    [Test]
    public void An_entry_holds_while_the_file_is_the_same()
    {
        using var folder = new TemporaryFolder();
        string video = Video(folder, "v.avi");
        var quarantine = new Quarantine(null);
        Assert.That(quarantine.Find(video), Is.Null);
        quarantine.Add(new FaultyVideo(video, VideoFault.TimeOut, "slow"));
        Assert.That(quarantine.Find(video), Is.EqualTo(new FaultyVideo(video, VideoFault.TimeOut, "slow")));
        File.AppendAllText(video, "mended");
        Assert.That(quarantine.Find(video), Is.Null);
        File.Delete(video);
        Assert.That(quarantine.Find(video), Is.Null);
    }

    [TestCase(VideoFault.Missing)]
    [TestCase(VideoFault.Unreadable)]
    public void What_may_pass_is_not_kept(VideoFault fault)
    {
        using var folder = new TemporaryFolder();
        string video = Video(folder, "v.avi");
        var quarantine = new Quarantine(folder["list"]);
        quarantine.Add(new FaultyVideo(video, fault, "for now"));
        Assert.That(quarantine.Find(video), Is.Null);
        Assert.That(File.Exists(folder["list"]), Is.False);
    }

    [Test]
    public void The_list_outlives_the_run()
    {
        using var folder = new TemporaryFolder();
        string[] videos = [Video(folder, "a.avi"), Video(folder, "b \"ü\".avi"), Video(folder, "c.avi")];
        var first = new Quarantine(folder["lists/quarantine.jsonl"]);
        first.Add(new FaultyVideo(videos[0], VideoFault.DecodeError, "bad"));
        first.Add(new FaultyVideo(videos[1], VideoFault.Truncated, "cut"));
        first.Add(new FaultyVideo(videos[1], VideoFault.Truncated, "cut"));
        string[] lines = File.ReadAllLines(folder["lists/quarantine.jsonl"]);
        Assert.That(lines, Has.Length.EqualTo(2));
        Assert.That(lines[0], Does.Contain("\"fault\":\"decode_error\""));
        File.AppendAllText(folder["lists/quarantine.jsonl"], "{\"path\": \"half");

        var second = new Quarantine(folder["lists/quarantine.jsonl"]);
        Assert.That(videos.Select(video => second.Find(video)?.Fault), Is.EqualTo(new VideoFault?[] { VideoFault.DecodeError, VideoFault.Truncated, null }));
    }

    [Test]
    public void Each_process_adds_to_a_file_of_its_own_and_reads_the_common_one()
    {
        using var folder = new TemporaryFolder();
        string[] videos = [Video(folder, "a.avi"), Video(folder, "b.avi")];
        new Quarantine(folder["list"]).Add(new FaultyVideo(videos[0], VideoFault.DecodeError, "bad"));
        string before = File.ReadAllText(folder["list"]);

        var second = new Quarantine(folder["list"]).OfPart(1);
        second.Add(new FaultyVideo(videos[1], VideoFault.Truncated, "cut"));

        Assert.That(second.OfPart(1), Is.SameAs(second));
        Assert.That(File.ReadAllText(folder["list"]), Is.EqualTo(before));
        Assert.That(File.ReadAllLines(folder["list.part-1"]), Has.Length.EqualTo(1));
        Assert.That(videos.Select(video => new Quarantine(folder["list"]).OfPart(1).Find(video)?.Fault), Is.EqualTo(new VideoFault?[] { VideoFault.DecodeError, VideoFault.Truncated }));
        Assert.That(new Quarantine(folder["list"]).OfPart(0).Find(videos[1]), Is.Null);
    }

    [Test]
    public async Task A_video_that_failed_is_not_tried_again_and_the_batches_are_the_same()
    {
        using var folder = new TemporaryFolder();
        var reader = new FakeVideoReader();
        var index = await IndexAsync(folder, reader, 12);
        reader.Broken.Add(index.Items[3].Path);
        var options = new ClipLoaderOptions { QuarantinePath = folder["quarantine.jsonl"], Workers = 2 };
        var request = new EpochRequest(1, 0, 4);

        var loader = Loader(index, reader, options);
        var first = await NamesAsync(loader, request);
        int tried = reader.Reads;
        Assert.That(tried, Is.EqualTo(13), "twelve places and one substitute");
        Assert.That(first, Does.Not.Contain(index.Items[3].Path));
        Assert.That(await NamesAsync(loader, request), Is.EqualTo(first));
        Assert.That(reader.Reads, Is.EqualTo(tried + 12));

        var later = Loader(index, reader, options);
        Assert.That(await NamesAsync(later, request), Is.EqualTo(first));
        Assert.That(reader.Reads, Is.EqualTo(tried + 24));
        Assert.That(later.Faults.Single().Reason, Is.EqualTo("broken on purpose"));
    }

    [Test]
    public async Task A_list_that_cannot_be_used_is_an_error()
    {
        using var folder = new TemporaryFolder();
        var reader = new FakeVideoReader();
        var index = await IndexAsync(folder, reader, 4);
        Assert.That(() => Loader(index, reader, new ClipLoaderOptions { QuarantinePath = string.Empty }), Throws.InstanceOf<ArgumentException>());
        reader.Broken.Add(index.Items[0].Path);
        File.WriteAllText(folder["file"], string.Empty);
        var loader = Loader(index, reader, new ClipLoaderOptions { QuarantinePath = folder["file/list"] });
        Assert.That(() => NamesAsync(loader, new EpochRequest(1, 0, 4)), Throws.TypeOf<VideoDataException>().With.Message.Contains("cannot be written"));
    }

    private static ClipLoader Loader(VideoIndex index, FakeVideoReader reader, ClipLoaderOptions options)
        => new(index, reader, ClipSamplers.Tclr(8), Augmentations.Demo(16), options);

    private static Task<VideoIndex> IndexAsync(TemporaryFolder folder, FakeVideoReader reader, int count)
    {
        var items = Enumerable.Range(0, count).Select(i => new VideoItem(Video(folder, $"v{i:D2}.avi"), "some", 0)).ToList();
        return VideoIndex.ScanAsync(new VideoDataset("fake", items, ["some"]), new VideoIndexOptions { Reader = reader });
    }

    private static async Task<List<string>> NamesAsync(ClipLoader loader, EpochRequest request)
    {
        var names = new List<string>();
        await foreach (var batch in loader.ReadAsync(request))
        {
            using (batch)
            {
                names.AddRange(batch.Samples);
            }
        }

        return names;
    }

    private static string Video(TemporaryFolder folder, string name)
    {
        File.WriteAllText(folder[name], "video");
        return folder[name];
    }
}
