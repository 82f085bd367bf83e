using System.Globalization;
using System.Runtime.InteropServices;
using OpenCvSharp;

namespace Tclr.Data;

/// <summary>Decodes videos with OpenCV and its FFmpeg.</summary>
/// <remarks>
/// <para>
/// Decoding stops at the last frame needed, and only needed frames are converted. It starts at the first frame of the
/// file, or shortly before the first needed frame if <see cref="VideoInfo.ExactSeeks"/> is set.
/// Frames are rotated as the file states.
/// </para>
/// <para>
/// OpenCV does not support a change of frame size or pixel format within a video, and may crash. Such files are detected by
/// their headers before OpenCV decodes them, and reported as <see cref="VideoFault.FormatChange"/>.
/// </para>
/// <para>Each call opens the file itself, so a reader is thread-safe.</para>
/// </remarks>
public sealed class OpenCvVideoReader : IVideoReader
{
    private readonly VideoReaderOptions options;

    /// <summary>Creates a reader.</summary>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public OpenCvVideoReader(VideoReaderOptions? options = null)
    {
        this.options = options ?? new VideoReaderOptions();
        OptionChecker.ThrowIfInvalid(this.options.Check, nameof(options));
    }

    /// <inheritdoc/>
    /// <remarks>Includes the version of OpenCV and the processor architecture.</remarks>
    /// <exception cref="DllNotFoundException">OpenCV's native library cannot be loaded.</exception>
    public string FrameSettings
    {
        get
        {
            OpenCvRuntime.Load();
            return FormattableString.Invariant($"{Settings}, version {Cv2.GetVersionString()}, {RuntimeInformation.ProcessArchitecture}");
        }
    }

    /// <summary>The options that change the frames.</summary>
    internal string Settings => FormattableString.Invariant($"OpenCV, short side {options.ShortSide?.ToString(CultureInfo.InvariantCulture) ?? "as it is"}");

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
            return proveSeeks ? info with { ExactSeeks = count.Whole && Proven(path, count.Fingerprints, progress, cancellationToken) } : info;
        });
    }

    /// <inheritdoc/>
    public FrameWindow ReadFrames(string path, ReadOnlySpan<int> frames, VideoInfo? known = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        FrameIndices.Check(frames);
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

    // Has its own time limit. If it is exceeded, seeks count as not exact.
    private bool Proven(string path, IReadOnlyList<ulong> fingerprints, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (fingerprints.Count <= SeekPlan.Interval)
        {
            return false;
        }

        try
        {
            using var file = VideoFile.Open(path, options, cancellationToken);
            return SeekProof.Holds(file, fingerprints, progress);
        }
        catch (VideoDataException e) when (e.Video?.Fault == VideoFault.TimeOut)
        {
            return false;
        }
    }

    private unsafe FrameWindow Read(string path, int[] wanted, bool exactSeeks, CancellationToken cancellationToken)
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
                    next = file.Seek(run.Target) ? run.Target : throw FrameIndices.TooFew(path, run.Target);
                }

                for (int place = run.Begin; place < run.End; place++)
                {
                    for (; next <= wanted[place]; next++)
                    {
                        if (!file.Grab())
                        {
                            throw FrameIndices.TooFew(path, next);
                        }
                    }

                    if (window is null || options.ShortSide is not null)
                    {
                        Retrieve(decoded, wanted[place]);
                        var image = FrameCopy.Shrink(decoded, small, options.ShortSide);
                        window ??= new FrameWindow(wanted.Length, image.Rows, image.Cols);
                        FrameCopy.CheckSize(path, image, window, wanted[place]);
                        FrameCopy.ToRgb(image, window.FrameToFill(place));
                        continue;
                    }

                    // OpenCV writes into the window, unless the frame has another size or is rotated.
                    var pixels = window.FrameToFill(place);
                    fixed (byte* memory = pixels)
                    {
                        using var whole = Mat.FromPixelData(window.Height, window.Width, MatType.CV_8UC3, (nint)memory);
                        Retrieve(whole, wanted[place]);
                        FrameCopy.CheckSize(path, whole, window, wanted[place]);
                        FrameCopy.ToRgb(whole, pixels);
                    }
                }
            }

            return window!;
        }
        catch
        {
            window?.Dispose();
            throw;
        }

        void Retrieve(Mat frame, int index)
        {
            if (!file.Retrieve(frame))
            {
                throw FrameIndices.TooFew(path, index);
            }
        }
    }
}
