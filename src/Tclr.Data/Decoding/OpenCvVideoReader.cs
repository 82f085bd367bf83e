using OpenCvSharp;

namespace Tclr.Data;

/// <summary>Decodes videos with OpenCV and its FFmpeg.</summary>
/// <remarks>
/// Frames are decoded from the start up to the last one needed, without a seek; only the needed ones are converted. Each
/// call opens the file anew, so calls from several threads do not meet. Frames are turned as the file asks.
/// </remarks>
public sealed class OpenCvVideoReader : IVideoReader
{
    private readonly int? shortSide;

    /// <summary>Creates a reader.</summary>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public OpenCvVideoReader(OpenCvVideoReaderOptions? options = null)
    {
        options?.Check();
        shortSide = options?.ShortSide;
    }

    /// <inheritdoc/>
    public VideoInfo Probe(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Guarded(path, () =>
        {
            using var capture = Open(path);
            using var frame = new Mat();
            if (!capture.Read(frame) || frame.Empty())
            {
                throw Faulty(path, VideoFault.DecodeError, "the video opens, but not one frame of it can be decoded: expected an undamaged file. Replace or remove it.");
            }

            int frames = 1;
            while (capture.Grab())
            {
                cancellationToken.ThrowIfCancellationRequested();
                frames++;
            }

            double fps = capture.Get(VideoCaptureProperties.Fps);
            return new VideoInfo(frames, frame.Cols, frame.Rows, double.IsFinite(fps) && fps > 0 ? fps : 0);
        });
    }

    /// <inheritdoc/>
    public FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        CheckIndices(frames);
        int[] wanted = frames.ToArray();
        return Guarded(path, () => Read(path, wanted, cancellationToken));
    }

    private static void CheckIndices(ReadOnlySpan<int> frames)
    {
        int previous = -1;
        foreach (int frame in frames)
        {
            if (frame <= previous)
            {
                throw new ArgumentException($"expected ascending, distinct frame indices from 0, got {frame} after {previous}", nameof(frames));
            }

            previous = frame;
        }

        if (previous < 0)
        {
            throw new ArgumentException("expected one frame index or more, got none", nameof(frames));
        }
    }

    private static T Guarded<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is OpenCVException or OpenCvSharpException)
        {
            throw new VideoDataException(new FaultyVideo(path, VideoFault.DecodeError, $"OpenCV failed: {e.Message}"), e);
        }
    }

    private static VideoDataException Faulty(string path, VideoFault fault, string reason, Exception? cause = null)
        => new(new FaultyVideo(path, fault, reason), cause);

    private static VideoCapture Open(string path)
    {
        // An absolute path cannot be taken for one of FFmpeg's protocols, such as 'concat:'.
        string full = Path.GetFullPath(path);
        CheckFile(path, full);

        // Other backends of OpenCV would open images and numbered sequences of them.
        var capture = new VideoCapture(full, VideoCaptureAPIs.FFMPEG);
        if (capture.IsOpened())
        {
            return capture;
        }

        capture.Dispose();
        throw Faulty(path, VideoFault.NotAVideo, "no decoder opens the file: expected a whole video that FFmpeg reads. Replace, convert or remove it.");
    }

    private static void CheckFile(string path, string full)
    {
        if (Directory.Exists(full))
        {
            throw Faulty(path, VideoFault.NotAVideo, "this is a folder: expected a video file");
        }

        try
        {
            using var file = File.OpenHandle(full);
            if (RandomAccess.GetLength(file) == 0)
            {
                throw Faulty(path, VideoFault.NotAVideo, "the file is empty: expected a video. Replace or remove it.");
            }
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Faulty(path, VideoFault.Missing, "there is no such file: expected a video. Check the path.", e);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw Faulty(path, VideoFault.Unreadable, $"the file cannot be read ({e.Message}): expected one that this user may read. Change its permissions.", e);
        }
    }

    private static VideoDataException TooFew(string path, int frame, int decoded)
        => Faulty(
            path,
            VideoFault.DecodeError,
            $"frame {frame} cannot be decoded, only the first {decoded} can: expected as many as when the video was indexed. The file is damaged or has changed; replace it or index the videos anew.");

    private FrameWindow Read(string path, int[] wanted, CancellationToken cancellationToken)
    {
        using var capture = Open(path);
        using var decoded = new Mat();
        using var small = new Mat();
        FrameWindow? window = null;
        try
        {
            int next = 0;
            for (int place = 0; place < wanted.Length; place++)
            {
                for (; next <= wanted[place]; next++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    if (!capture.Grab())
                    {
                        throw TooFew(path, next, next);
                    }
                }

                if (!capture.Retrieve(decoded) || decoded.Empty())
                {
                    throw TooFew(path, wanted[place], wanted[place]);
                }

                var image = Shrink(decoded, small);
                window ??= new FrameWindow(wanted.Length, image.Rows, image.Cols);
                Store(path, image, window, place, wanted[place]);
            }

            return window!;
        }
        catch
        {
            window?.Dispose();
            throw;
        }
    }

    private Mat Shrink(Mat decoded, Mat small)
    {
        int rows = decoded.Rows, cols = decoded.Cols, side = Math.Min(rows, cols);
        if (shortSide is not { } target || side <= target)
        {
            return decoded;
        }

        double scale = (double)target / side;
        var size = new Size((int)Math.Round(cols * scale), (int)Math.Round(rows * scale));
        Cv2.Resize(decoded, small, size, 0, 0, InterpolationFlags.Area);
        return small;
    }

    // The colours are swapped straight into the window's memory.
    private static unsafe void Store(string path, Mat image, FrameWindow window, int place, int frame)
    {
        if (image.Rows != window.Height || image.Cols != window.Width || image.Type() != MatType.CV_8UC3)
        {
            throw Faulty(
                path,
                VideoFault.DecodeError,
                $"frame {frame} is {image.Cols}x{image.Rows} ({image.Type()}): expected 8-bit colour frames of one size, {window.Width}x{window.Height} as the ones before. Re-encode the video.");
        }

        fixed (byte* pixels = window.FrameToFill(place))
        {
            using var target = Mat.FromPixelData(window.Height, window.Width, MatType.CV_8UC3, (nint)pixels);
            Cv2.CvtColor(image, target, ColorConversionCodes.BGR2RGB);
        }
    }
}
