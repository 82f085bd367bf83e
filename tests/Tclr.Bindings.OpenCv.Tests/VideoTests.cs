using OpenCvSharp;

namespace Tclr.Bindings.OpenCv.Tests;

public sealed class VideoTests
{
    private const int Width = 32;
    private const int Height = 24;

    [Test]
    public void FramesComeBackAsTheyWereWritten()
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder["lossless.avi"], "FFV1", frames: 7);
        using var capture = new VideoCapture(path, VideoCaptureAPIs.FFMPEG);
        Assert.Multiple(() =>
        {
            Assert.That(capture.IsOpened(), Is.True);
            Assert.That(capture.Get(VideoCaptureProperties.FrameWidth), Is.EqualTo(Width));
            Assert.That(capture.Get(VideoCaptureProperties.FrameHeight), Is.EqualTo(Height));
            Assert.That(capture.Get(VideoCaptureProperties.Fps), Is.EqualTo(25));
            Assert.That(capture.Get(VideoCaptureProperties.FrameCount), Is.EqualTo(7));
        });

        using var frame = new Mat();
        for (int i = 0; i < 7; i++)
        {
            Assert.That(capture.Read(frame), Is.True);
            Assert.That(frame.Type(), Is.EqualTo(MatType.CV_8UC3));
            AssertClose(Pixels.Of(frame), FramePixels(i));
        }

        Assert.That(capture.Read(frame), Is.False);
    }

    [Test]
    public void GrabThenRetrieveIsRead()
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder["motion.avi"], "FFV1", frames: 5);
        using var capture = new VideoCapture(path);
        using var frame = new Mat();
        for (int i = 0; i < 4; i++)
        {
            Assert.That(capture.Grab(), Is.True);
        }

        Assert.That(capture.Retrieve(frame), Is.True);
        AssertClose(Pixels.Of(frame), FramePixels(3));
        Assert.That(capture.Set(VideoCaptureProperties.PosFrames, 1), Is.True);
        Assert.That(capture.Read(frame), Is.True);
        AssertClose(Pixels.Of(frame), FramePixels(1));
    }

    [Test]
    public void WhatIsNotAVideoDoesNotOpen()
    {
        using var folder = new TemporaryFolder();
        string text = folder["text.avi"];
        File.WriteAllText(text, "This is not a video.");
        string empty = folder["empty.mp4"];
        File.WriteAllBytes(empty, []);
        Assert.Multiple(() =>
        {
            foreach (string path in new[] { text, empty, folder["missing.avi"], folder.Path })
            {
                using var capture = new VideoCapture(path, VideoCaptureAPIs.FFMPEG);
                Assert.That(capture.IsOpened(), Is.False, path);
                Assert.That(capture.Grab(), Is.False, path);
                using var frame = new Mat();
                Assert.That(capture.Read(frame), Is.False, path);
                Assert.That(frame.Empty(), Is.True, path);
            }
        });
    }

    [Test]
    public void PathsMayHoldAnyLetters()
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder["päth 视频.avi"], "FFV1", frames: 1);
        using var capture = new VideoCapture(path);
        Assert.That(capture.IsOpened(), Is.True);
    }

    [Test]
    public void AWriterThatCannotWriteIsNotOpened()
    {
        using var folder = new TemporaryFolder();
        using var writer = new VideoWriter(Path.Combine(folder.Path, "no", "such", "folder.avi"), VideoWriter.FourCC("MJPG"), 25, new Size(8, 8));
        Assert.That(writer.IsOpened(), Is.False);
    }

    [Test]
    public void ReleaseClosesTheFile()
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder["short.avi"], "MJPG", frames: 2);
        using var capture = new VideoCapture(path);
        capture.Release();
        Assert.Multiple(() =>
        {
            Assert.That(capture.IsOpened(), Is.False);
            Assert.That(capture.Grab(), Is.False);
        });
    }

    [Test]
    public void UseAfterDisposeIsAnError()
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder["short.avi"], "MJPG", frames: 2);
        var capture = new VideoCapture(path);
        capture.Dispose();
        var writer = new VideoWriter(folder["other.avi"], VideoWriter.FourCC("MJPG"), 25, new Size(8, 8));
        writer.Dispose();
        using var frame = new Mat(8, 8, MatType.CV_8UC3);
        Assert.Multiple(() =>
        {
            Assert.That(capture.IsOpened, Throws.TypeOf<ObjectDisposedException>());
            Assert.That(capture.Grab, Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => capture.Read(frame), Throws.TypeOf<ObjectDisposedException>());
            Assert.That(writer.IsOpened, Throws.TypeOf<ObjectDisposedException>());
            Assert.That(() => writer.Write(frame), Throws.TypeOf<ObjectDisposedException>());
        });
    }

    [Test]
    public void ArgumentsAreChecked()
        => Assert.Multiple(() =>
        {
            Assert.That(() => new VideoCapture(string.Empty), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => new VideoWriter(null!, 0, 25, new Size(8, 8)), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => VideoWriter.FourCC("MJPEG"), Throws.ArgumentException.With.Message.Contains("MJPEG"));
            Assert.That(VideoWriter.FourCC("MJPG"), Is.EqualTo(0x47504A4D));
            Assert.That((int)(FourCC)5, Is.EqualTo(5));
        });

    [Test]
    public void AThousandCapturesLeaveNothingBehind()
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder["short.avi"], "MJPG", frames: 2);
        OpenAndDispose(path, 100);
        int files = OpenFiles();
        long memory = Environment.WorkingSet;
        OpenAndDispose(path, 1000);
        Assert.That(OpenFiles(), Is.EqualTo(files).Within(3));
        Assert.That(Environment.WorkingSet - memory, Is.LessThan(50_000_000));

        static void OpenAndDispose(string path, int times)
        {
            for (int i = 0; i < times; i++)
            {
                using var capture = new VideoCapture(path, VideoCaptureAPIs.FFMPEG);
                using var frame = new Mat();
                Assert.That(capture.Read(frame), Is.True);
            }
        }

        static int OpenFiles() => Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : 0;
    }

    [TestCase(1)]
    [TestCase(12)]
    public void TheNumberOfDecoderThreadsIsTheCallers(int wanted)
    {
        if (!Directory.Exists("/proc/self/task"))
        {
            Assert.Ignore("threads are counted in /proc");
        }

        using var folder = new TemporaryFolder();
        string path = Write(folder["motion.avi"], "FFV1", frames: 5);
        int before = Threads();
        using var capture = new VideoCapture(path, VideoCaptureAPIs.FFMPEG, [70, wanted]);
        using var frame = new Mat();
        Assert.That(capture.Read(frame), Is.True);

        // A single one is the caller's; the runtime may start or end a thread or two of its own meanwhile.
        Assert.That(Threads() - before, Is.EqualTo(wanted - 1).Within(4));
        AssertClose(Pixels.Of(frame), FramePixels(0));

        static int Threads() => Directory.GetDirectories("/proc/self/task").Length;
    }

    [Test]
    public void ParametersThatOpenCvDoesNotKnowDoNotOpen()
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder["motion.avi"], "FFV1", frames: 2);
        using var known = new VideoCapture(path, VideoCaptureAPIs.FFMPEG, [53, 10_000, 70, 1, 54, 10_000]);
        using var unknown = new VideoCapture(path, VideoCaptureAPIs.FFMPEG, [9999, 1]);
        Assert.That((known.IsOpened(), unknown.IsOpened()), Is.EqualTo((true, false)));
    }

    private static string Write(string path, string codec, int frames)
    {
        using var writer = new VideoWriter(path, VideoWriter.FourCC(codec), 25, new Size(Width, Height));
        Assert.That(writer.IsOpened(), Is.True, codec);
        for (int i = 0; i < frames; i++)
        {
            using var frame = Pixels.Mat(Height, Width, MatType.CV_8UC3, FramePixels(i));
            writer.Write(frame);
        }

        return path;
    }

    // Gray in 2x2 blocks, so that the coarser colour of a codec's own pixel format loses nothing.
    private static byte[] FramePixels(int frame)
    {
        byte[] pixels = new byte[Height * Width * 3];
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x < Width; x++)
            {
                pixels.AsSpan(((y * Width) + x) * 3, 3).Fill((byte)(20 + ((frame * 31) + (y / 2 * 5) + (x / 2 * 7)) % 200));
            }
        }

        return pixels;
    }

    private static void AssertClose(byte[] actual, byte[] expected)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        int worst = actual.Zip(expected, (a, b) => Math.Abs(a - b)).Max();
        Assert.That(worst, Is.LessThanOrEqualTo(2));
    }
}
