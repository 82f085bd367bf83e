using System.Security.Cryptography;

namespace Tclr.Data.Tests;

/// <summary>Whatever is read, and with whatever seeks: the frames are those of a decode from the start, bit for bit.</summary>
public sealed class WindowTests
{
    private const int Length = 64;
    private readonly OpenCvVideoReader reader = new();

    [Test]
    public void Windows_of_shared_videos_are_the_frames_of_a_decode_from_the_start()
        => Sweep(entry => entry.Frames < 120 || entry.Width <= 340, frames => Enumerable.Range(0, frames).Where(start => start % 61 == 33).Append(Math.Max(frames - Length, 0)).Append(frames - 1));

    [Test]
    [Category("Long")]
    [Explicit("Takes minutes: every start of every shared video.")]
    public void Every_window_of_every_shared_video_is_the_frames_of_a_decode_from_the_start()
        => Sweep(_ => true, frames => Enumerable.Range(0, frames));

    [Test]
    public void Scattered_frames_of_a_long_video_are_right_with_seeks()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["long.avi"], frames: 900, width: 16, height: 16, video: 4);
        var info = reader.Probe(path, proveSeeks: true);
        Assert.That((info.Frames, info.ExactSeeks), Is.EqualTo((900, true)));
        foreach (int[] wanted in new int[][] { [5, 420, 421, 899], [700, 701, 702], [0, 899], [64, 300, 800], [.. Enumerable.Range(500, 200)] })
        {
            using var window = reader.ReadFrames(path, wanted, info);
            foreach (var (place, frame) in wanted.Index())
            {
                Assert.That(window.Frame(place).SequenceEqual(FakeVideoReader.Frame(4, frame, 16, 16)), Is.True, $"frame {frame} of [{string.Join(' ', wanted.Take(5))} ..]");
            }
        }
    }

    [Test]
    public void Every_byte_of_a_frame_counts_for_its_fingerprint()
    {
        byte[] pixels = FakeVideoReader.Frame(1, 0, 11, 3);
        ulong expected = Fingerprint(pixels);
        Assert.That(Fingerprint(pixels), Is.EqualTo(expected));
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] ^= 4;
            Assert.That(Fingerprint(pixels), Is.Not.EqualTo(expected), $"byte {i}");
            pixels[i] ^= 4;
        }

        static unsafe ulong Fingerprint(byte[] pixels)
        {
            fixed (byte* first = pixels)
            {
                using var mat = OpenCvSharp.Mat.FromPixelData(3, 11, OpenCvSharp.MatType.CV_8UC3, (nint)first);
                return SeekProof.FingerprintOf(mat);
            }
        }
    }

    [Test]
    public void Seeks_are_not_proven_where_they_go_wrong()
    {
        using var folder = new TemporaryFolder();
        string path = TestVideos.Write(folder["v.avi"], frames: 70, width: 16, height: 16, video: 4);
        using var file = VideoFile.Open(path, new VideoReaderOptions(), CancellationToken.None);
        using var frame = new OpenCvSharp.Mat();
        var fingerprints = new List<ulong>();
        while (file.Grab() && file.Retrieve(frame))
        {
            fingerprints.Add(SeekProof.FingerprintOf(frame));
        }

        Assert.That(fingerprints, Has.Count.EqualTo(70).And.Unique);
        Assert.That(Holds(fingerprints), Is.True);
        Assert.That(Holds(fingerprints[..^1]), Is.True);
        Assert.That(Holds([.. fingerprints, 1]), Is.False, "a frame more than a seek finds");
        Assert.That(Holds([fingerprints[0], .. fingerprints]), Is.False, "a seek that is one frame off");
        Assert.That(Holds([.. fingerprints[..65], fingerprints[66], fingerprints[65], .. fingerprints[67..]]), Is.False, "frames swapped after the last target");
        Assert.That(Holds(fingerprints[..32]), Is.False, "nowhere to seek to");

        bool Holds(List<ulong> expected)
        {
            using var again = VideoFile.Open(path, new VideoReaderOptions(), CancellationToken.None);
            return SeekProof.Holds(again, expected);
        }
    }

    private void Sweep(Func<SharedVideos.Entry, bool> choose, Func<int, IEnumerable<int>> starts)
    {
        int windows = 0, proven = 0;
        foreach (var entry in SharedVideos.Require().Where(choose))
        {
            var hashes = Sequential(entry);
            var info = reader.Probe(entry.Path, proveSeeks: true);
            Assert.That(info.Frames, Is.EqualTo(entry.Frames), entry.ToString());
            proven += info.ExactSeeks ? 1 : 0;
            foreach (int start in starts(entry.Frames).Distinct())
            {
                int[] wanted = [.. Enumerable.Range(start, Math.Min(Length, entry.Frames - start))];
                using var window = reader.ReadFrames(entry.Path, wanted, info);
                foreach (var (place, frame) in wanted.Index())
                {
                    Assert.That(Convert.ToHexString(SHA256.HashData(window.Frame(place))), Is.EqualTo(hashes[frame]), $"{entry}, window from {start}, frame {frame}");
                }

                windows++;
            }
        }

        TestContext.Out.WriteLine($"{windows} windows compared; seeks are exact in {proven} videos");
    }

    // Read one by one through OpenCV alone.
    private static List<string> Sequential(SharedVideos.Entry entry)
    {
        using var capture = new OpenCvSharp.VideoCapture(entry.Path, OpenCvSharp.VideoCaptureAPIs.FFMPEG);
        using var frame = new OpenCvSharp.Mat();
        using var rgb = new OpenCvSharp.Mat();
        var hashes = new List<string>();
        while (capture.Read(frame))
        {
            OpenCvSharp.Cv2.CvtColor(frame, rgb, OpenCvSharp.ColorConversionCodes.BGR2RGB);
            unsafe
            {
                hashes.Add(Convert.ToHexString(SHA256.HashData(new ReadOnlySpan<byte>((void*)rgb.Data, rgb.Rows * rgb.Cols * 3))));
            }
        }

        return hashes;
    }
}
