using OpenCvSharp;

namespace Tclr.Data;

/// <summary>Decodes videos with OpenCV and its FFmpeg.</summary>
/// <remarks>
/// <para>
/// Decoding stops at the last frame needed, and only needed frames are converted. It starts at the first frame of the
/// file, or, where <see cref="VideoInfo.ExactSeeks"/> says that this gives the same, a little before the first needed one.
/// Frames are turned as the file asks.
/// </para>
/// <para>
/// OpenCV cannot follow a change of frame size or pixel format, and may end the process over one. Such a file is a
/// <see cref="VideoFault.FormatChange"/>, found in its headers before OpenCV decodes it.
/// </para>
/// <para>Each call opens the file anew, so calls from several threads do not meet.</para>
/// </remarks>
public sealed class OpenCvVideoReader : IVideoReader
{
    private readonly OpenCvVideoReaderOptions options;

    /// <summary>Creates a reader.</summary>
    /// <param name="options">How; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public OpenCvVideoReader(OpenCvVideoReaderOptions? options = null)
    {
        this.options = options ?? new OpenCvVideoReaderOptions();
        this.options.Check();
    }

    /// <inheritdoc/>
    public VideoInfo Probe(string path, bool proveSeeks = false, CancellationToken cancellationToken = default)
        => Probe(path, proveSeeks, null, cancellationToken);

    /// <inheritdoc/>
    public VideoInfo Probe(string path, bool proveSeeks, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        return Guarded(path, () =>
        {
            int packets = PacketScan.Check(path, options, cancellationToken);
            using var file = VideoFile.Open(path, options, cancellationToken);
            using var count = new FrameCount(file, packets, proveSeeks, progress);
            var info = count.Run();
            return proveSeeks ? info with { ExactSeeks = count.Whole && Proven(path, count.Fingerprints, cancellationToken) } : info;
        });
    }

    /// <inheritdoc/>
    public FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, VideoInfo? known = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        CheckIndices(frames);
        int[] wanted = frames.ToArray();
        return Guarded(path, () =>
        {
            if (known is not { ConstantFormat: true })
            {
                PacketScan.Check(path, options, cancellationToken);
            }

            return Read(path, wanted, known?.ExactSeeks ?? false, cancellationToken);
        });
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
            throw VideoFile.Faulty(path, VideoFault.DecodeError, $"OpenCV failed: {e.Message}", e);
        }
    }

    private static VideoDataException TooFew(string path, int frame)
        => ContainerCheck.Truncation(path) is { } cut
            ? VideoFile.Faulty(path, VideoFault.Truncated, $"frame {frame} cannot be decoded; {cut}. Copy or download the file anew, or remove it.")
            : VideoFile.Faulty(
                path,
                VideoFault.DecodeError,
                $"frame {frame} cannot be decoded, only the first {frame} can: expected as many as when the video was indexed. The file is damaged or has changed; replace it or index the videos anew.");

    private static void Store(string path, Mat image, FrameWindow window, int place, int frame)
    {
        if (image.Rows != window.Height || image.Cols != window.Width || image.Type() != MatType.CV_8UC3)
        {
            throw VideoFile.Faulty(
                path,
                VideoFault.DecodeError,
                $"frame {frame} is {image.Cols}x{image.Rows} ({image.Type()}): expected 8-bit colour frames of one size, {window.Width}x{window.Height} as the ones before. Re-encode the video.");
        }

        FrameCopy.ToRgb(image, window.FrameToFill(place));
    }

    // With a time limit of its own; out of time is not proven.
    private bool Proven(string path, IReadOnlyList<ulong> fingerprints, CancellationToken cancellationToken)
    {
        if (fingerprints.Count <= SeekPlan.Interval)
        {
            return false;
        }

        try
        {
            using var file = VideoFile.Open(path, options, cancellationToken);
            return SeekProof.Holds(file, fingerprints);
        }
        catch (VideoDataException e) when (e.Video?.Fault == VideoFault.TimeOut)
        {
            return false;
        }
    }

    private FrameWindow Read(string path, int[] wanted, bool exactSeeks, CancellationToken cancellationToken)
    {
        using var file = VideoFile.Open(path, options, cancellationToken);
        using var decoded = new Mat();
        using var small = new Mat();
        FrameWindow? window = null;
        try
        {
            int next = 0;
            foreach (var run in SeekPlan.Of(wanted, exactSeeks))
            {
                if (run.Target > next)
                {
                    next = file.Seek(run.Target) ? run.Target : throw TooFew(path, run.Target);
                }

                for (int place = run.Begin; place < run.End; place++)
                {
                    for (; next <= wanted[place]; next++)
                    {
                        if (!file.Grab())
                        {
                            throw TooFew(path, next);
                        }
                    }

                    if (!file.Retrieve(decoded))
                    {
                        throw TooFew(path, wanted[place]);
                    }

                    var image = Shrink(decoded, small);
                    window ??= new FrameWindow(wanted.Length, image.Rows, image.Cols);
                    Store(path, image, window, place, wanted[place]);
                }
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
        if (options.ShortSide is not { } target || side <= target)
        {
            return decoded;
        }

        double scale = (double)target / side;
        var size = new Size((int)Math.Round(cols * scale), (int)Math.Round(rows * scale));
        Cv2.Resize(decoded, small, size, 0, 0, InterpolationFlags.Area);
        return small;
    }
}
