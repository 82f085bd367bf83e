namespace Tclr.Data;

/// <summary>A window of a long video: one clip, with its time in the video.</summary>
/// <param name="Video">The video.</param>
/// <param name="Info">Its properties.</param>
/// <param name="Frames">The frames of the clip, in playing order.</param>
/// <param name="Start">Time at which the first frame is shown; <see langword="null"/> if the video's frame rate is unknown.</param>
/// <param name="End">Time at which the last frame ends; <see langword="null"/> if the frame rate is unknown.</param>
/// <example><code>
/// var windows = VideoWindow.Slide(index, clipLength: 16, stride: 2, hopSeconds: 1);
/// var loader = new ClipLoader(windows, reader, Augmentations.Evaluation(112));      // batches [1, B, 3, 16, 112, 112]
/// </code></example>
public sealed record VideoWindow(VideoItem Video, VideoInfo Info, IReadOnlyList<int> Frames, TimeSpan? Start, TimeSpan? End)
{
    /// <summary>The video's path with the first and the last frame, such as <c>a.mp4#frames=32-63</c>: the window's name in a batch.</summary>
    public string Name => FormattableString.Invariant($"{Video.Path}#frames={Frames.Min()}-{Frames.Max()}");

    /// <summary>Slides a window over each video of an index.</summary>
    /// <remarks>
    /// Windows start at frame 0, at one hop, at two hops and so on, as long as all their frames exist; frames after the last
    /// window are ignored. A video shorter than a window has one window and is played back and forth.
    /// </remarks>
    /// <param name="index">The videos.</param>
    /// <param name="clipLength">Frames <c>T</c> of a window, 1 or more. The default value is 16.</param>
    /// <param name="stride">The stride. The default value is 2 frames.</param>
    /// <param name="hopFrames">Frames from the start of a window to that of the next, 1 or more.</param>
    /// <param name="hopSeconds">Seconds from the start of a window to that of the next, above 0: <c>round(fps s)</c> frames, at least 1. Without either hop, windows lie side by side.</param>
    /// <returns>The windows of the first video in order of time, then those of the second, and so on.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range, or both hops are given.</exception>
    /// <exception cref="ArgumentException">Several numbers are out of their ranges.</exception>
    /// <exception cref="VideoDataException">Stride or hop are in seconds, and the frame rate of a video is unknown.</exception>
    public static IReadOnlyList<VideoWindow> Slide(VideoIndex index, int clipLength = 16, ClipStride? stride = null, int? hopFrames = null, double? hopSeconds = null)
    {
        ArgumentNullException.ThrowIfNull(index);
        OptionChecker.ThrowIfInvalid(
            check =>
            {
                check.AtLeast(clipLength, 1);
                check.AtLeast(hopFrames ?? 1, 1, nameof(hopFrames));
                check.Positive(hopSeconds ?? 1, nameof(hopSeconds));
                check.Require(hopFrames is null || hopSeconds is null, hopSeconds, "one of hopFrames and hopSeconds", nameof(hopSeconds));
            },
            nameof(hopFrames));
        return [.. index.Items.Zip(index.Infos).SelectMany(video => Windows(video.First, video.Second, clipLength, stride ?? 2, hopFrames, hopSeconds))];
    }

    private static IEnumerable<VideoWindow> Windows(VideoItem video, VideoInfo info, int length, ClipStride clipStride, int? hopFrames, double? hopSeconds)
    {
        bool inSeconds = hopSeconds is not null || clipStride.ClipSeconds is not null;
        if (inSeconds && !(info.FramesPerSecond > 0))
        {
            throw new VideoDataException($"'{video.Path}' does not state its frame rate: expected it for a stride or hop in seconds. Give both in frames, or leave the video out.");
        }

        int stride = clipStride.Of(info, length);
        long hop = hopFrames ?? (hopSeconds is { } seconds ? (long)Math.Max(Math.Round(info.FramesPerSecond * seconds), 1) : ClipFrames.Span(length, stride));
        long last = Math.Max(info.Frames - 1 - ((length - 1) * (long)stride), 0);
        for (long start = 0; start <= last; start += hop)
        {
            int[] frames = ClipFrames.PingPong(start, length, stride, info.Frames);
            yield return new VideoWindow(video, info, frames, TimeOf(frames.Min(), info), TimeOf(frames.Max() + 1, info));
        }
    }

    private static TimeSpan? TimeOf(int frame, VideoInfo info) => info.FramesPerSecond > 0 ? TimeSpan.FromSeconds(frame / info.FramesPerSecond) : null;
}
