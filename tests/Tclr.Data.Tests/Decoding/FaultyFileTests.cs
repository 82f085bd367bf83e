using Tclr.Core;

namespace Tclr.Data.Tests;

/// <summary>Files that are not what they should be: each has its typed reason, and none ends the process.</summary>
public sealed class FaultyFileTests
{
    private readonly OpenCvVideoReader reader = new();

    [Test]
    public void Sound_without_pictures_is_no_video()
    {
        using var folder = new TemporaryFolder();
        byte[] samples = new byte[8000];
        byte[] wave =
        [
            .. "RIFF"u8, .. BitConverter.GetBytes(36 + samples.Length), .. "WAVEfmt "u8, 16, 0, 0, 0, 1, 0, 1, 0,
            .. BitConverter.GetBytes(8000), .. BitConverter.GetBytes(8000), 1, 0, 8, 0, .. "data"u8, .. BitConverter.GetBytes(samples.Length), .. samples,
        ];
        File.WriteAllBytes(folder["sound.wav"], wave);
        File.WriteAllBytes(folder["sound.mp4"], wave);
        Assert.That(FaultOf(folder["sound.wav"]), Is.EqualTo(VideoFault.NotAVideo));
        Assert.That(FaultOf(folder["sound.mp4"]), Is.EqualTo(VideoFault.NotAVideo));
    }

    [Test]
    public void A_renamed_video_is_still_one()
    {
        using var folder = new TemporaryFolder();
        File.Move(TestVideos.Write(folder["v.avi"], frames: 9, video: 1), folder["v.mp4"]);
        Assert.That(reader.Probe(folder["v.mp4"]).Frames, Is.EqualTo(9));
        using var window = reader.ReadFrames(folder["v.mp4"], [8]);
        Assert.That(window.Frame(0).SequenceEqual(FakeVideoReader.Frame(1, 8)), Is.True);
    }

    [Test]
    public void An_MP4_without_its_end_is_truncated()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["v.mp4"], frames: 30, codec: "mp4v");
        TestVideos.Truncate(path, 0.6);
        Assert.That(FaultOf(path), Is.EqualTo(VideoFault.Truncated));
    }

    [TestCase(1, 32, 24)]
    [TestCase(1, 1, 1)]
    [TestCase(3, 1, 1)]
    [TestCase(2, 5, 3)]
    [TestCase(2, 1, 40)]
    public void Very_small_videos_are_read(int frames, int width, int height)
    {
        using var folder = new TemporaryFolder();
        string path = RawVideo.Write(folder["v.avi"], frames, width, height, video: 6);
        var info = reader.Probe(path, proveSeeks: true);
        Assert.That((info.Frames, info.Width, info.Height), Is.EqualTo((frames, width, height)));
        using var window = reader.ReadFrames(path, [frames - 1], info);
        Assert.That(window.Frame(0).SequenceEqual(FakeVideoReader.Frame(6, frames - 1, width, height)), Is.True);
    }

    [Test]
    public void Too_long_a_time_is_a_time_out()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["v.avi"], frames: 400, width: 128, height: 128);
        var hasty = new OpenCvVideoReader(new VideoReaderOptions { TimeLimit = TimeSpan.FromMilliseconds(1) });
        Assert.Multiple(() =>
        {
            Assert.That(FaultOf(() => hasty.Probe(path)), Is.EqualTo(VideoFault.TimeOut));
            Assert.That(FaultOf(() => hasty.ReadFrames(path, [399])), Is.EqualTo(VideoFault.TimeOut));
            Assert.That(() => hasty.Probe(path), Throws.TypeOf<VideoDataException>().With.Message.Contains("0.001 s").And.Message.Contains("TimeLimit"));
        });
    }

    [Test]
    public void Options_are_checked()
        => Assert.Multiple(() =>
        {
            foreach (var options in new VideoReaderOptions[]
            {
                new() { DecoderThreads = 0 }, new() { DecoderThreads = 65 }, new() { TimeLimit = TimeSpan.Zero }, new() { TimeLimit = TimeSpan.FromDays(2) },
            })
            {
                Assert.That(() => new OpenCvVideoReader(options), Throws.TypeOf<ArgumentOutOfRangeException>(), options.ToString());
            }
        });

    [Test]
    public void More_decoder_threads_give_the_same_frames()
    {
        var entry = SharedVideos.Require().First(entry => entry.Frames is > 50 and < 120 && entry.Path.EndsWith(".mp4", StringComparison.Ordinal));
        int[] wanted = [.. Enumerable.Range(10, 30)];
        using var one = reader.ReadFrames(entry.Path, wanted);
        using var four = new OpenCvVideoReader(new VideoReaderOptions { DecoderThreads = 4 }).ReadFrames(entry.Path, wanted);
        Assert.That(Enumerable.Range(0, 30), Is.All.Matches<int>(i => one.Frame(i).SequenceEqual(four.Frame(i))));
    }

    [Test]
    public void Two_hundred_mutations_of_a_good_file_give_frames_or_a_typed_reason()
    {
        using var folder = new TemporaryFolder();
        var swift = new OpenCvVideoReader(new VideoReaderOptions { TimeLimit = TimeSpan.FromSeconds(10) });
        byte[][] seeds =
        [
            File.ReadAllBytes(TestVideos.Write(folder["a.avi"], 40)),
            File.ReadAllBytes(TestVideos.Write(folder["b.mp4"], 40, codec: "mp4v")),
            File.ReadAllBytes(TestVideos.Write(folder["c.mkv"], 40, codec: "MJPG")),
            File.ReadAllBytes(TestVideos.Write(folder["d.avi"], 40, codec: "XVID")),
        ];
        int good = 0, faulty = 0;
        for (int i = 0; i < 200; i++)
        {
            string path = folder[$"m{i}.avi"];
            File.WriteAllBytes(path, Mutate(seeds[i % seeds.Length], CounterRandom.For(11, (ulong)i)));
            try
            {
                var info = swift.Probe(path, proveSeeks: true);
                using var window = swift.ReadFrames(path, [.. Enumerable.Range(0, info.Frames)], info);
                using var last = swift.ReadFrames(path, [info.Frames - 1], info);
                Assert.That(last.Frame(0).SequenceEqual(window.Frame(info.Frames - 1)), Is.True, $"mutation {i}");
                good++;
            }
            catch (VideoDataException e)
            {
                Assert.That(e.Video?.Path, Is.EqualTo(path));
                Assert.That(e.Video?.Fault, Is.Not.EqualTo(VideoFault.TimeOut), $"mutation {i}");
                faulty++;
            }
        }

        TestContext.Out.WriteLine($"{good} mutations still gave frames, {faulty} a reason");
        Assert.That(Math.Min(good, faulty), Is.GreaterThan(10), "both kinds are tried");
    }

    // Flips bytes, overwrites, cuts out, doubles or drops a part.
    private static byte[] Mutate(byte[] seed, CounterRandom random)
    {
        var bytes = seed.ToList();
        int changes = random.NextInt32(1, 9);
        for (int i = 0; i < changes && bytes.Count > 64; i++)
        {
            int at = random.NextInt32(0, bytes.Count - 32), length = random.NextInt32(1, 32);
            switch (random.NextInt32(0, 5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.NextInt32(0, 8));
                    break;
                case 1:
                    for (int k = 0; k < length; k++)
                    {
                        bytes[at + k] = (byte)random.NextUInt64();
                    }

                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    // The header, where the lengths are.
                    bytes[random.NextInt32(0, 64)] = (byte)random.NextUInt64();
                    break;
            }
        }

        return random.NextInt32(0, 4) == 0 ? [.. bytes.Take(random.NextInt32(0, bytes.Count))] : [.. bytes];
    }

    private VideoFault? FaultOf(string path) => FaultOf(() => reader.Probe(path));

    private static VideoFault? FaultOf(Func<object> read) => Assert.Throws<VideoDataException>(() => read())?.Video?.Fault;
}
