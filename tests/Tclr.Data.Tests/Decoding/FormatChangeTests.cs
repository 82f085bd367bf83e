using OpenCvSharp;

namespace Tclr.Data.Tests;

/// <summary>Videos whose frame size or pixel format change: OpenCV reads beyond the end of their frames, so they must not reach it.</summary>
public sealed class FormatChangeTests
{
    private readonly OpenCvVideoReader reader = new();

    [TestCase(".avi")]
    [TestCase(".mkv")]
    public void A_changed_pixel_format_of_motion_JPEG_is_a_fault_and_no_crash(string extension)
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["v" + extension], frames: 50, width: 320, height: 240, codec: "MJPG");
        int patched = PatchSampling(path);
        Assert.That(patched, Is.EqualTo(1), "one frame header is another one now");
        foreach (bool seeks in new[] { false, true })
        {
            var error = Assert.Throws<VideoDataException>(() => reader.Probe(path, seeks));
            Assert.That(error?.Video?.Fault, Is.EqualTo(VideoFault.FormatChange));
            Assert.That(error?.Message, Does.Contain("packet 1 ").And.Contain("2x1").And.Contain("2x2").And.Contain("FfmpegVideoReader"));
        }

        Assert.That(() => reader.ReadFrames(path, [0, 40]), Throws.TypeOf<VideoDataException>().With.Property(nameof(VideoDataException.Video)).Property(nameof(FaultyVideo.Fault)).EqualTo(VideoFault.FormatChange));
    }

    [Test]
    public void A_changed_size_of_motion_JPEG_is_a_fault()
    {
        using var folder = new TemporaryFolder();
        string path = RawVideo.WriteAvi(folder["v.avi"], "MJPG", "MJPG", 320, 240, [.. Jpegs(3, 320, 240), .. Jpegs(3, 160, 120)]);
        Assert.That(() => reader.Probe(path), Throws.TypeOf<VideoDataException>().With.Message.Contains("packet 3 holds 160x120"));
    }

    [Test]
    public void A_constant_format_is_none()
    {
        using var folder = new TemporaryFolder();
        string path = RawVideo.WriteAvi(folder["v.avi"], "MJPG", "MJPG", 320, 240, [.. Jpegs(6, 320, 240)]);
        var info = reader.Probe(path);
        Assert.That((info.Frames, info.ConstantFormat, info.AnnouncedFrames, info.StopsEarly), Is.EqualTo((6, true, 6, false)));
    }

    [Test]
    public async Task The_rest_of_the_data_set_is_scanned()
    {
        using var folder = new TemporaryFolder();
        TestVideos.Write(folder["c/good.avi"], frames: 12);
        PatchSampling(TestVideos.Write(folder["c/trail.avi"], frames: 50, width: 320, height: 240, codec: "MJPG"));
        var index = await VideoIndex.ScanAsync(VideoDatasets.Folder(folder.Path));
        Assert.That(index.Items, Has.Count.EqualTo(1));
        Assert.That(index.Faulty.Single().Fault, Is.EqualTo(VideoFault.FormatChange));
        Assert.That(index.Describe(), Does.StartWith("1 usable video; 1 faulty video: 1 FormatChange"));
    }

    [TestCase("libx264", "ts")]
    [TestCase("mpeg2video", "mpg")]
    [TestCase("libvpx", "webm")]
    [TestCase("libvpx-vp9", "webm")]
    [TestCase("libx265", "ts")]
    [TestCase("mpeg4", "ts")]
    public void A_changed_size_of_other_codecs_is_a_fault(string codec, string container)
    {
        using var folder = new TemporaryFolder();
        foreach (var (first, second) in new[] { ("160x120", "320x240"), ("320x240", "160x120") })
        {
            string path = Concatenated(folder, container, Encoded(folder["a." + container], first, codec), Encoded(folder["b." + container], second, codec));
            Assert.That(
                () => reader.Probe(path),
                Throws.TypeOf<VideoDataException>().With.Message.Contains($"holds {second}").And.Message.Contains($"after {first}"));
        }

        Assert.That(reader.Probe(folder["a." + container]).Frames, Is.GreaterThanOrEqualTo(10));
    }

    [Test]
    public void A_changed_chroma_format_of_H264_is_a_fault()
    {
        using var folder = new TemporaryFolder();
        string path = Concatenated(folder, "ts", Encoded(folder["a.ts"], "160x120", "libx264"), Encoded(folder["b.ts"], "160x120", "libx264", "yuv444p"));
        Assert.That(() => reader.Probe(path), Throws.TypeOf<VideoDataException>().With.Message.Contains("4:4:4").And.Message.Contains("4:2:0"));
    }

    [Test]
    public void Shared_videos_have_one_format()
    {
        foreach (var entry in SharedVideos.Require())
        {
            Assert.That(PacketScan.Check(entry.Path, new VideoReaderOptions(), CancellationToken.None), Is.AtLeast(entry.Frames), entry.ToString());
        }
    }

    private static string Encoded(string path, string size, string codec, string pixels = "yuv420p")
        => Ffmpeg.Make(path, [.. Ffmpeg.Pattern(size, 0.4), "-pix_fmt", pixels, "-c:v", codec]);

    private static string Concatenated(TemporaryFolder folder, string container, string first, string second)
    {
        string path = folder["both." + container];
        if (string.Equals(container, "webm", StringComparison.Ordinal))
        {
            File.WriteAllText(folder["list.txt"], $"file '{first}'\nfile '{second}'\n");
            return Ffmpeg.Make(path, "-f", "concat", "-safe", "0", "-i", folder["list.txt"], "-c", "copy");
        }

        File.WriteAllBytes(path, [.. File.ReadAllBytes(first), .. File.ReadAllBytes(second)]);
        return path;
    }

    private static IEnumerable<byte[]> Jpegs(int count, int width, int height)
    {
        for (int i = 0; i < count; i++)
        {
            using var picture = new Mat(height, width, MatType.CV_8UC3, new Scalar(10 * i, 100, 200));
            yield return picture.ImEncode(".jpg");
        }
    }

    // Writes 4:2:2 over the 4:2:0 of all frames but the first: the sampling factors of the first component.
    private static int PatchSampling(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int seen = 0, first = 0;
        for (int i = 0; i < bytes.Length - 12; i++)
        {
            if (bytes[i] == 0xFF && bytes[i + 1] == 0xC0 && bytes[i + 2] == 0 && bytes[i + 3] == 17)
            {
                first = seen == 0 ? bytes[i + 11] : first;
                bytes[i + 11] = seen++ == 0 ? bytes[i + 11] : (byte)(first == 0x22 ? 0x21 : 0x22);
            }
        }

        File.WriteAllBytes(path, bytes);
        return Math.Min(seen - 1, 1);
    }
}
