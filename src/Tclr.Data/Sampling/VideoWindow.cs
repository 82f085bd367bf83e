namespace Tclr.Data;

/// <summary>A window of a long video: one clip, with its time in the video.</summary>
/// <param name="Video">The video.</param>
/// <param name="Info">Its properties.</param>
/// <param name="Frames">The frames of the clip, in playing order.</param>
/// <param name="Start">Time at which the first frame is shown; <see langword="null"/> if the video's frame rate is unknown.</param>
/// <param name="End">Time at which the last frame ends; <see langword="null"/> likewise.</param>
/// <example><code>
/// var windows = VideoWindow.Slide(index, new SlidingWindowOptions { ClipLength = 16, Stride = 2, HopSeconds = 1 });
/// var loader = new ClipLoader(windows, reader, Augmentations.Evaluation(112));      // batches [1, B, 3, 16, 112, 112]
/// </code></example>
public sealed record VideoWindow(VideoItem Video, VideoInfo Info, IReadOnlyList<int> Frames, TimeSpan? Start, TimeSpan? End)
{
    /// <summary>The video's path with the first and the last frame, such as <c>a.mp4#frames=32-63</c>: the window's name in a batch.</summary>
    public string Name => FormattableString.Invariant($"{Video.Path}#frames={Frames.Min()}-{Frames.Max()}");

    /// <summary>Slides a window over each video of an index.</summary>
    /// <remarks>
    /// Windows start at frame 0, at one hop, at two hops and so on, as long as all their frames exist; frames after the last
    /// window that fits are left out. A video shorter than a window has one, which is played back and forth.
    /// </remarks>
    /// <param name="index">The videos.</param>
    /// <param name="options">Length, stride and hop; <see langword="null"/> for the defaults.</param>
    /// <returns>The windows of the first video in order of time, then those of the second, and so on.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    /// <exception cref="ArgumentException">Several options are out of their ranges.</exception>
    /// <exception cref="VideoDataException">Stride or hop are in seconds, and the frame rate of a video is unknown.</exception>
    public static IReadOnlyList<VideoWindow> Slide(VideoIndex index, SlidingWindowOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(index);
        options ??= new SlidingWindowOptions();
        OptionChecker.ThrowIfInvalid(options.Check, nameof(options));
        return [.. index.Items.Zip(index.Infos).SelectMany(video => Windows(video.First, video.Second, options))];
    }

    private static IEnumerable<VideoWindow> Windows(VideoItem video, VideoInfo info, SlidingWindowOptions options)
    {
        bool inSeconds = options.HopSeconds is not null || options.Stride.ClipSeconds is not null;
        if (inSeconds && !(info.FramesPerSecond > 0))
        {
            throw new VideoDataException($"'{video.Path}' does not state its frame rate: expected it for a stride or hop in seconds. Give both in frames, or leave the video out.");
        }

        int length = options.ClipLength, stride = options.Stride.Of(info, length);
        long hop = options.HopFrames
            ?? (options.HopSeconds is { } seconds ? (long)Math.Max(Math.Round(info.FramesPerSecond * seconds), 1) : ClipFrames.Span(length, stride));
        long last = Math.Max(info.Frames - 1 - ((length - 1) * (long)stride), 0);
        for (long start = 0; start <= last; start += hop)
        {
            int[] frames = ClipFrames.PingPong(start, length, stride, info.Frames);
            yield return new VideoWindow(video, info, frames, TimeOf(frames.Min(), info), TimeOf(frames.Max() + 1, info));
        }
    }

    private static TimeSpan? TimeOf(int frame, VideoInfo info) => info.FramesPerSecond > 0 ? TimeSpan.FromSeconds(frame / info.FramesPerSecond) : null;
}
