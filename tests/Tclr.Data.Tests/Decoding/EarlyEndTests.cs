namespace Tclr.Data.Tests;

/// <summary>Videos of which only the first frames decode: they are used, and it is said.</summary>
public sealed class EarlyEndTests
{
    private readonly OpenCvVideoReader reader = new();

    [Test]
    public async Task A_cut_file_is_named_with_its_numbers()
    {
        using var folder = new TemporaryFolder();
        TestVideos.Write(folder["c/good.avi"], frames: 30);
        TestVideos.Truncate(TestVideos.Write(folder["c/cut.avi"], frames: 40, video: 2), 0.5);
        var index = await VideoIndex.ScanAsync(VideoDatasets.Folder(folder.Path));
        var (item, video) = index.Incomplete.Single();
        Assert.That(item.Path, Does.EndWith("cut.avi"));
        Assert.That((video.Frames, video.AnnouncedFrames), Is.EqualTo((index.Infos[0].Frames, 40)));
        Assert.That(index.Describe(), Does.Contain("1 video stops before the end").And.Contain($"cut.avi': {video.Frames} of 40 frames can be read"));
        Assert.That(index.Where(item => item.Path.EndsWith("good.avi", StringComparison.Ordinal)).Incomplete, Is.Empty);
    }

    [Test]
    public void Damage_in_the_middle_is_seen_by_what_decodes_behind_it()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["v.avi"], frames: 60, width: 64, height: 64, codec: "MJPG");
        Overwrite(path, 0.5, 0.52);
        var info = reader.Probe(path);
        Assert.That(info.AnnouncedFrames, Is.EqualTo(60));
        Assert.That(info.StopsEarly, Is.EqualTo(info.Frames < 58), $"{info.Frames} of 60");
    }

    [Test]
    public void A_damaged_H264_file_is_named()
    {
        using var folder = new TemporaryFolder();
        string path = Ffmpeg.Make(folder["v.mp4"], [.. Ffmpeg.Pattern("160x120", 4), "-pix_fmt", "yuv420p", "-c:v", "libx264"]);
        Assert.That((reader.Probe(path).Frames, reader.Probe(path).StopsEarly), Is.EqualTo((100, false)));

        // Zeros over the packets from the middle on; the index of the file stays.
        Overwrite(path, 0.45, 0.9);
        var info = reader.Probe(path);
        Assert.That(info.Frames, Is.LessThan(90));
        Assert.That((info.AnnouncedFrames, info.StopsEarly), Is.EqualTo((100, true)));
    }

    [TestCase("libx264", "mp4", "-ss", "1.3")]
    [TestCase("libvpx", "webm", "-ss", "0")]
    [TestCase("mpeg4", "avi", "-ss", "0")]
    [TestCase("libx264", "ts", "-ss", "0")]
    [TestCase("mpeg2video", "mpg", "-ss", "0")]
    public void Whole_files_are_not_named(string codec, string container, string cut, string seconds)
    {
        using var folder = new TemporaryFolder();
        string whole = Ffmpeg.Make(folder["w." + container], [.. Ffmpeg.Pattern("160x120", 4), "-pix_fmt", "yuv420p", "-g", "50", "-c:v", codec]);

        // A copy from the middle of a group of pictures hides its first frames by an edit list.
        string path = Ffmpeg.Make(folder["v." + container], cut, seconds, "-i", whole, "-c", "copy");
        Assert.That(reader.Probe(path).StopsEarly, Is.False);
    }

    [Test]
    public void Shared_videos_are_not_named()
        => Assert.That(SharedVideos.Require().Where(entry => reader.Probe(entry.Path).StopsEarly), Is.Empty);

    private static void Overwrite(string path, double from, double to)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes.AsSpan((int)(from * bytes.Length)..(int)(to * bytes.Length)).Clear();
        File.WriteAllBytes(path, bytes);
    }
}
