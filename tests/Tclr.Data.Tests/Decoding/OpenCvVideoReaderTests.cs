namespace Tclr.Data.Tests;

public sealed class OpenCvVideoReaderTests
{
    private readonly OpenCvVideoReader reader = new();

    [Test]
    public void Needed_frames_are_those_that_were_written()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["v.avi"], frames: 30, video: 5);
        int[] wanted = [0, 3, 4, 17, 29];
        using var window = reader.ReadFrames(path, wanted);
        Assert.That((window.Count, window.Height, window.Width), Is.EqualTo((5, 24, 32)));
        for (int i = 0; i < wanted.Length; i++)
        {
            Assert.That(window.Frame(i).ToArray(), Is.EqualTo(FakeVideoReader.Frame(5, wanted[i])), $"frame {wanted[i]}");
        }
    }

    [Test]
    public void Probe_counts_and_measures()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["v.avi"], frames: 13, width: 48, height: 20);
        Assert.That(reader.Probe(path), Is.EqualTo(new VideoInfo(13, 48, 20, 25) { Codec = "ffv1", AnnouncedFrames = 13, ConstantFormat = true }));
    }

    [Test]
    public void A_frame_behind_the_end_is_an_error_that_says_how_far_it_went()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["v.avi"], frames: 10);
        Assert.That(
            () => reader.ReadFrames(path, [2, 12]),
            Throws.TypeOf<VideoDataException>().With.Message.Contains(path).And.Message.Contains("frame 10 cannot be decoded, only the first 10 can")
                .And.Property(nameof(VideoDataException.Video)).Property(nameof(FaultyVideo.Fault)).EqualTo(VideoFault.DecodeError));
    }

    [Test]
    public void A_cut_file_gives_what_it_has()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["v.avi"], frames: 40, video: 2);
        TestVideos.Truncate(path, 0.5);
        int frames = reader.Probe(path).Frames;
        using var window = reader.ReadFrames(path, [frames - 2]);
        Assert.That(window.Frame(0).ToArray(), Is.EqualTo(FakeVideoReader.Frame(2, frames - 2)));
        Assert.That(() => reader.ReadFrames(path, [0, frames]), Throws.TypeOf<VideoDataException>());
    }

    [Test]
    public void Bad_files_say_what_they_are()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["text.avi"], "This is not a video.");
        File.WriteAllBytes(folder["empty.avi"], []);
        File.WriteAllBytes(folder["noise.mp4"], [.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 7919 >> 3))]);
        Directory.CreateDirectory(folder["folder.avi"]);
        Assert.Multiple(() =>
        {
            foreach (var (name, fault) in new[]
            {
                ("text.avi", VideoFault.NotAVideo), ("empty.avi", VideoFault.NotAVideo), ("noise.mp4", VideoFault.NotAVideo),
                ("folder.avi", VideoFault.NotAVideo), ("missing.avi", VideoFault.Missing), ("no/folder.avi", VideoFault.Missing),
            })
            {
                Check(() => reader.Probe(folder[name]), name, fault);
                Check(() => reader.ReadFrames(folder[name], [0]), name, fault);
            }
        });

        static void Check(Func<object> read, string name, VideoFault fault)
        {
            var error = Assert.Throws<VideoDataException>(() => read());
            Assert.That(error?.Message, Does.Contain(name));
            Assert.That(error?.Video?.Fault, Is.EqualTo(fault), name);
        }
    }

    [Test]
    public void Short_side_shrinks_by_the_mean_of_the_area()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["v.avi"], frames: 2, width: 32, height: 24, video: 3);
        var shrinking = new OpenCvVideoReader(new VideoReaderOptions { ShortSide = 12 });
        using var window = shrinking.ReadFrames(path, [1]);
        Assert.That((window.Height, window.Width), Is.EqualTo((12, 16)));
        byte[] full = FakeVideoReader.Frame(3, 1);
        byte[] small = window.Frame(0).ToArray();
        for (int y = 0; y < 12; y++)
        {
            for (int x = 0; x < 16; x++)
            {
                int at = ((2 * y * 32) + (2 * x)) * 3;
                double mean = (full[at] + full[at + 3] + full[at + 96] + full[at + 99]) / 4.0;
                Assert.That(small[((y * 16) + x) * 3], Is.EqualTo(mean).Within(1));
            }
        }
    }

    [Test]
    public void Short_side_never_enlarges()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["v.avi"], frames: 1);
        using var window = new OpenCvVideoReader(new VideoReaderOptions { ShortSide = 100 }).ReadFrames(path, [0]);
        Assert.That((window.Height, window.Width), Is.EqualTo((24, 32)));
        Assert.That(() => new OpenCvVideoReader(new VideoReaderOptions { ShortSide = 0 }), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Indices_must_ascend()
        => Assert.Multiple(() =>
        {
            Assert.That(() => reader.ReadFrames("v", []), Throws.ArgumentException);
            Assert.That(() => reader.ReadFrames("v", [1, 1]), Throws.ArgumentException.With.Message.Contains("got 1 after 1"));
            Assert.That(() => reader.ReadFrames("v", [3, 2]), Throws.ArgumentException);
            Assert.That(() => reader.ReadFrames("v", [-1]), Throws.ArgumentException);
        });

    [Test]
    public void Reading_can_be_stopped()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["v.avi"], frames: 5);
        var stopped = new CancellationToken(canceled: true);
        Assert.Multiple(() =>
        {
            Assert.That(() => reader.Probe(path, cancellationToken: stopped), Throws.InstanceOf<OperationCanceledException>());
            Assert.That(() => reader.ReadFrames(path, [0], cancellationToken: stopped), Throws.InstanceOf<OperationCanceledException>());
        });
    }

    [Test]
    public void Many_threads_read_at_once()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["v.avi"], frames: 20, video: 9);
        Parallel.For(0, 32, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            using var window = reader.ReadFrames(path, [i % 20]);
            Assert.That(window.Frame(0).SequenceEqual(FakeVideoReader.Frame(9, i % 20)), Is.True);
        });
    }

    [Test]
    public void Shared_videos_give_the_same_frames_one_by_one_and_all_together()
    {
        foreach (var entry in SharedVideos.Require().Where(entry => entry.Frames < 120 && entry.Width <= 640))
        {
            int[] some = [.. new[] { 0, entry.Frames / 3, entry.Frames - 1 }.Distinct()];
            using var window = reader.ReadFrames(entry.Path, some);
            using var all = reader.ReadFrames(entry.Path, [.. Enumerable.Range(0, entry.Frames)]);
            for (int i = 0; i < some.Length; i++)
            {
                Assert.That(window.Frame(i).SequenceEqual(all.Frame(some[i])), Is.True, $"{entry}, frame {some[i]}");
            }
        }
    }

    [Test]
    public void Rotation_is_applied()
    {
        var entry = SharedVideos.Require().Single(entry => entry.Rotation != 0);
        using var window = reader.ReadFrames(entry.Path, [0, 1, 2]);
        Assert.That((window.Width, window.Height), Is.EqualTo((entry.Height, entry.Width)));

        // Releases of OpenCV differ in the sense of the turn that they report.
        var info = reader.Probe(entry.Path);
        Assert.That(info.Rotation, Is.EqualTo(90).Or.EqualTo(270));
        Assert.That(info with { Rotation = 0, Codec = string.Empty }, Is.EqualTo(new VideoInfo(3, entry.Height, entry.Width, 30) { AnnouncedFrames = 3, ConstantFormat = true }));
    }
}
