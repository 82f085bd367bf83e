using System.Diagnostics;

namespace Tclr.Data.Tests;

public sealed class FfmpegVideoReaderTests
{
    private readonly FfmpegVideoReader reader = new();

    [SetUp]
    public void Require() => Ffmpeg.Require();

    [Test]
    public void Lossless_frames_are_those_that_were_written()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["-v 1.avi"], frames: 30, video: 5);
        var info = reader.Probe(path);
        Assert.That(info, Is.EqualTo(new VideoInfo(30, 32, 24, 25) { Codec = "ffv1", AnnouncedFrames = 30 }));
        int[] wanted = [0, 3, 4, 17, 29];
        using var window = reader.ReadFrames(path, wanted, info);
        Assert.That((window.Count, window.Height, window.Width), Is.EqualTo((5, 24, 32)));
        for (int i = 0; i < wanted.Length; i++)
        {
            Assert.That(window.Frame(i).SequenceEqual(FakeVideoReader.Frame(5, wanted[i])), Is.True, $"frame {wanted[i]}");
        }
    }

    [Test]
    public void Shared_videos_are_those_of_OpenCV()
    {
        var openCv = new OpenCvVideoReader();
        foreach (var entry in SharedVideos.Require().Where(entry => entry.Frames < 120))
        {
            var expected = openCv.Probe(entry.Path);
            var info = reader.Probe(entry.Path);
            Assert.That((info.Frames, info.Width, info.Height, info.StopsEarly), Is.EqualTo((expected.Frames, expected.Width, expected.Height, false)), entry.ToString());
            int[] wanted = [.. new[] { 0, entry.Frames / 2, entry.Frames - 1 }.Distinct()];
            using var one = openCv.ReadFrames(entry.Path, wanted);
            using var other = reader.ReadFrames(entry.Path, wanted);
            for (int i = 0; i < wanted.Length; i++)
            {
                // Conversions of two versions of FFmpeg; the wrong frame, or the wrong turn, is much further off.
                Assert.That(Difference(one.Frame(i), other.Frame(i)), Is.LessThan(4), $"{entry}, frame {wanted[i]}");
            }
        }
    }

    [TestCase("yuv420p", "")]
    [TestCase("yuv420p", "bt709")]
    [TestCase("yuvj420p", "")]
    public void Colors_are_those_of_the_command(string pixels, string matrix)
    {
        using var folder = new TemporaryFolder();
        string[] color = matrix.Length == 0 ? [] : ["-vf", "scale=out_color_matrix=" + matrix, "-colorspace", matrix];
        string path = Ffmpeg.Make(folder["v.mp4"], [.. Ffmpeg.Pattern(), .. color, "-pix_fmt", pixels, "-c:v", "libx264"]);
        AssertSame(Ffmpeg.Frames(folder, path), path);
    }

    [Test]
    public void AV1_is_read_and_OpenCVs_fault_names_the_way()
    {
        using var folder = new TemporaryFolder();
        string path = Ffmpeg.Make(folder["v.mp4"], [.. Ffmpeg.Pattern(seconds: 0.4), "-pix_fmt", "yuv420p", "-c:v", "libaom-av1", "-cpu-used", "8"]);
        AssertSame(Ffmpeg.Frames(folder, path), path);
        Assert.That(reader.Probe(path).Codec, Is.EqualTo("av1"));
        try
        {
            new OpenCvVideoReader().Probe(path);
        }
        catch (VideoDataException e)
        {
            // Some builds of OpenCV have a decoder.
            Assert.That(e.Message, Does.Contain("AV1").And.Contain("FfmpegVideoReader"));
            var both = new FallbackVideoReader(new OpenCvVideoReader(), reader);
            Assert.That(both.Probe(path).Frames, Is.EqualTo(10));
            using var window = both.ReadFrames(path, [9]);
            Assert.That(window.Width, Is.EqualTo(160));
        }
    }

    [Test]
    public void A_change_of_size_is_scaled_to_the_first_frames_size()
    {
        using var folder = new TemporaryFolder();
        byte[] first = File.ReadAllBytes(Ffmpeg.Make(folder["a.ts"], [.. Ffmpeg.Pattern(), "-pix_fmt", "yuv420p", "-c:v", "libx264"]));
        byte[] second = File.ReadAllBytes(Ffmpeg.Make(folder["b.ts"], [.. Ffmpeg.Pattern("320x240"), "-pix_fmt", "yuv444p", "-c:v", "libx264"]));
        File.WriteAllBytes(folder["both.ts"], [.. first, .. second]);
        AssertSame(Ffmpeg.Frames(folder, folder["both.ts"]), folder["both.ts"]);
        var both = new FallbackVideoReader(new OpenCvVideoReader(), reader);
        Assert.That(both.Probe(folder["both.ts"]).Frames, Is.EqualTo(reader.Probe(folder["both.ts"]).Frames));
    }

    [TestCase(90)]
    [TestCase(270)]
    public void A_turn_is_that_of_OpenCV(int degrees)
    {
        using var folder = new TemporaryFolder();
        string plain = Ffmpeg.Make(folder["p.mp4"], [.. Ffmpeg.Pattern(), "-pix_fmt", "yuv420p", "-c:v", "libx264"]);
        string path = Ffmpeg.Make(folder["v.mp4"], "-i", plain, "-c", "copy", "-metadata:s:v", $"rotate={degrees}");
        var openCv = new OpenCvVideoReader();
        var expected = openCv.Probe(path);
        Assume.That(expected.Rotation, Is.Not.Zero, "this ffmpeg writes turns in another way");
        var info = reader.Probe(path);
        Assert.That((info.Frames, info.Width, info.Height, info.Rotation), Is.EqualTo((25, 120, 160, expected.Rotation)));
        using var one = openCv.ReadFrames(path, [0, 24]);
        using var other = reader.ReadFrames(path, [0, 24]);
        Assert.That(Difference(one.Frame(1), other.Frame(1)), Is.LessThan(2));
    }

    [Test]
    public void Short_side_shrinks_as_OpenCVs_reader_does()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["v.avi"], frames: 2);
        using var one = new OpenCvVideoReader(new VideoReaderOptions { ShortSide = 12 }).ReadFrames(path, [1]);
        using var other = new FfmpegVideoReader(new VideoReaderOptions { ShortSide = 12 }).ReadFrames(path, [1]);
        Assert.That(other.Frame(0).SequenceEqual(one.Frame(0)), Is.True);
    }

    [Test]
    public void Bad_files_say_what_they_are()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["text.avi"], "This is not a video.");
        Assert.That(Fault(() => reader.Probe(folder["text.avi"])), Is.EqualTo(VideoFault.NotAVideo));
        Assert.That(Fault(() => reader.Probe(folder["gone.avi"])), Is.EqualTo(VideoFault.Missing));
        Assert.That(Fault(() => reader.ReadFrames(folder["text.avi"], [0])), Is.EqualTo(VideoFault.DecodeError));
        string path = TestVideos.Write(folder["v.avi"], frames: 10);
        Assert.That(() => reader.ReadFrames(path, [2, 12]), Throws.TypeOf<VideoDataException>().With.Message.Contains("frame 10 cannot be decoded, only the first 10 can"));
    }

    [Test]
    public void Time_limit_and_cancellation_kill_the_process()
    {
        using var folder = new TemporaryFolder();
        string path = Ffmpeg.Make(folder["v.mp4"], [.. Ffmpeg.Pattern("640x480", 20), "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast"]);
        var hasty = new FfmpegVideoReader(new VideoReaderOptions { TimeLimit = TimeSpan.FromMilliseconds(60) });
        long begin = Stopwatch.GetTimestamp();
        Assert.That(Fault(() => hasty.ReadFrames(path, [499])), Is.EqualTo(VideoFault.TimeOut));
        using var stop = new CancellationTokenSource(60);
        Assert.That(() => reader.ReadFrames(path, [499], cancellationToken: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Stopwatch.GetElapsedTime(begin), Is.LessThan(TimeSpan.FromSeconds(5)));
        Assert.That(Children(path), Is.Empty, "no process is left");
    }

    [Test]
    public void A_missing_command_is_said()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["v.avi"], frames: 3);
        Assert.That(FfmpegVideoReader.IsAvailable("no-such-ffmpeg"), Is.False);
        var none = new FfmpegVideoReader(executable: "no-such-ffmpeg");
        Assert.That(() => none.ReadFrames(path, [0]), Throws.TypeOf<VideoDataException>().With.Message.Contains("no-such-ffmpeg").And.Message.Contains("PATH"));

        // As a second reader it leaves the first one's reason.
        File.WriteAllText(folder["text.avi"], "This is not a video.");
        Assert.That(Fault(() => new FallbackVideoReader(new OpenCvVideoReader(), none).Probe(folder["text.avi"])), Is.EqualTo(VideoFault.NotAVideo));
    }

    private void AssertSame(byte[] expected, string path)
    {
        var info = reader.Probe(path);
        int length = info.Width * info.Height * 3;
        Assert.That(expected, Has.Length.EqualTo(info.Frames * length));
        using var window = reader.ReadFrames(path, [.. Enumerable.Range(0, info.Frames)], info);
        for (int i = 0; i < info.Frames; i++)
        {
            Assert.That(window.Frame(i).SequenceEqual(expected.AsSpan(i * length, length)), Is.True, $"frame {i}");
        }
    }

    private static double Difference(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        Assert.That(other.Length, Is.EqualTo(one.Length));
        long sum = 0;
        for (int i = 0; i < one.Length; i++)
        {
            sum += Math.Abs(one[i] - other[i]);
        }

        return (double)sum / one.Length;
    }

    private static string[] Children(string path)
        => !Directory.Exists("/proc/self") ? [] :
        [
            .. Directory.EnumerateDirectories("/proc").Select(folder => Path.Combine(folder, "cmdline")).Select(Text).Where(line => line.Contains(path, StringComparison.Ordinal)),
        ];

    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return string.Empty;
        }
    }

    private static VideoFault? Fault(Func<object> read) => Assert.Throws<VideoDataException>(() => read())?.Video?.Fault;
}
