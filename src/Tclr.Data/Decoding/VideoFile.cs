using System.Diagnostics;
using OpenCvSharp;

namespace Tclr.Data;

/// <summary>An open video. Every call checks the cancellation token and the time limit.</summary>
internal sealed class VideoFile : IDisposable
{
    // Properties that OpenCvSharp does not name: CAP_PROP_OPEN_TIMEOUT_MSEC, CAP_PROP_READ_TIMEOUT_MSEC, CAP_PROP_N_THREADS.
    private const int OpenTimeout = 53;
    private const int ReadTimeout = 54;
    private const int Threads = 70;
    private const int ExtradataIndex = 68;
    private const int RawPackets = -1;

    private readonly VideoCapture capture;
    private readonly TimeSpan limit;
    private readonly long begin;
    private readonly CancellationToken cancellationToken;

    private VideoFile(string path, VideoCapture capture, TimeSpan limit, long begin, CancellationToken cancellationToken)
    {
        Path = path;
        this.capture = capture;
        this.limit = limit;
        this.begin = begin;
        this.cancellationToken = cancellationToken;
    }

    /// <summary>The path, as the caller wrote it.</summary>
    public string Path { get; }

    /// <summary>Frames per second as the header states; 0 if it does not.</summary>
    public double FramesPerSecond => capture.Get(VideoCaptureProperties.Fps) is var fps && double.IsFinite(fps) && fps > 0 ? fps : 0;

    /// <summary>Rotation of the frames in degrees.</summary>
    public int Rotation => (((int)capture.Get(VideoCaptureProperties.OrientationMeta) % 360) + 360) % 360;

    /// <summary>The codec's four characters.</summary>
    public string Codec
    {
        get
        {
            uint code = CodecTag;
            return new string([.. new[] { code, code >> 8, code >> 16, code >> 24 }.Select(c => (char)(c & 0xFF)).Where(char.IsAsciiLetterOrDigit)]);
        }
    }

    /// <summary>The same as a number, or the stream type of an MPEG transport stream.</summary>
    public uint CodecTag => (uint)(long)capture.Get(VideoCaptureProperties.FourCC);

    /// <summary>Number of frames that the header states or that follows from duration and frame rate.</summary>
    public double AnnouncedFrames => capture.Get(VideoCaptureProperties.FrameCount);

    /// <summary>Opens a video.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">Threads and time limit.</param>
    /// <param name="cancellationToken">Stops every later step.</param>
    /// <returns>The video, before its first frame.</returns>
    /// <exception cref="VideoDataException">There is no such file, or no decoder opens it.</exception>
    public static VideoFile Open(string path, VideoReaderOptions options, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        OpenCvRuntime.Load();
        long now = Stopwatch.GetTimestamp();

        // An absolute path cannot be mistaken for a protocol of FFmpeg, such as 'concat:'.
        string full = System.IO.Path.GetFullPath(path);
        SourceFile.Check(path);
        int milliseconds = (int)options.TimeLimit.TotalMilliseconds;

        // Other backends of OpenCV would open images and numbered sequences of them.
        var opened = new VideoCapture(
            full, VideoCaptureAPIs.FFMPEG, [Threads, options.DecoderThreads, OpenTimeout, milliseconds, ReadTimeout, milliseconds]);
        if (opened.IsOpened())
        {
            return new VideoFile(path, opened, options.TimeLimit, now, cancellationToken);
        }

        opened.Dispose();
        throw ContainerCheck.Truncation(full) is { } cut
            ? Faulty(path, VideoFault.Truncated, $"{cut}: expected a whole video. Copy or download it anew, or remove it.")
            : Faulty(path, VideoFault.NotAVideo, "no decoder opens the file: expected a whole video that FFmpeg reads. Replace, convert or remove it.");
    }

    /// <summary>Opens a video to read its packets without decoding: <see cref="Retrieve"/> returns the bytes of a packet.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">Threads and time limit.</param>
    /// <param name="cancellationToken">Stops every later step.</param>
    /// <exception cref="VideoDataException">There is no such file, or no decoder opens it.</exception>
    public static VideoFile OpenPackets(string path, VideoReaderOptions options, CancellationToken cancellationToken)
    {
        var file = Open(path, options, cancellationToken);
        file.capture.Set(VideoCaptureProperties.Format, RawPackets);
        file.capture.Set(VideoCaptureProperties.OrientationAuto, 0); // packets cannot be rotated
        return file;
    }

    /// <summary>Creates the error for a video.</summary>
    public static VideoDataException Faulty(string path, VideoFault fault, string reason, Exception? cause = null)
        => new(new FaultyVideo(path, fault, reason), cause);

    /// <summary>The reason for an exceeded time limit.</summary>
    public static string TooLong(TimeSpan limit)
        => FormattableString.Invariant($"decoding took longer than {limit.TotalSeconds:0.###} s: expected less. Remove the video, or raise TimeLimit if the video is long.");

    /// <summary>Decodes the next frame without converting it.</summary>
    /// <returns>False at the end, or if no further frame can be decoded.</returns>
    /// <exception cref="VideoDataException">The time limit was exceeded.</exception>
    public bool Grab()
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Stopwatch.GetElapsedTime(begin) < limit
            ? capture.Grab()
            : throw Faulty(Path, VideoFault.TimeOut, TooLong(limit));
    }

    /// <summary>Converts the frame that was grabbed last.</summary>
    public bool Retrieve(Mat frame) => capture.Retrieve(frame) && !frame.Empty();

    /// <summary>Gets the codec headers that the container stores apart from the packets.</summary>
    public bool RetrieveExtradata(Mat bytes) => capture.Retrieve(bytes, (int)capture.Get((VideoCaptureProperties)ExtradataIndex)) && !bytes.Empty();

    /// <summary>Seeks to a frame, which is grabbed next. <see cref="SeekProof"/> verifies whether it is the right one.</summary>
    public bool Seek(int frame)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return capture.Set(VideoCaptureProperties.PosFrames, frame);
    }

    /// <summary>Closes the video.</summary>
    public void Dispose() => capture.Dispose();
}
