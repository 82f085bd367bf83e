using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.TclrReference"/>
internal sealed class TclrReferenceSampler : IClipSampler
{
    private readonly int localClips;

    public TclrReferenceSampler(int clipLength, int localClips)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clipLength, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(localClips, 1);
        ClipLength = clipLength;
        this.localClips = localClips;
        Layout = new ViewLayout(2, localClips);
    }

    public ViewLayout Layout { get; }

    public int ClipLength { get; }

    // More than half of the last local clip: 57 frames for four clips of 16.
    public int MinimumFrames => Window - (ClipLength / 2) + 1;

    private int Window => ClipLength * localClips;

    public ClipPlan Plan(VideoInfo video, ref CounterRandom random)
    {
        ClipFrames.CheckLength(this, video);
        return PlanAt(video.Frames, video.Frames > Window ? random.NextInt32(0, video.Frames - Window) : 0);
    }

    internal ClipPlan PlanAt(int frames, int start)
    {
        int[] global = ClipFrames.Reflected(start, ClipLength, localClips, frames);
        int[][] locals = [.. Enumerable.Range(0, localClips).Select(j => ClipFrames.Reflected(start + (j * ClipLength), ClipLength, 1, frames))];
        return new ClipPlan([global, global, .. locals, .. locals]);
    }
}

/// <inheritdoc cref="ClipSamplers.TclrTest"/>
internal sealed class TclrTestSampler : IClipSampler
{
    private const int Stride = 2;

    // The authors' code leaves ten frames at the end.
    private const int Margin = 10;

    public TclrTestSampler(int clips, int clipLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clips, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(clipLength, 2);
        Layout = new ViewLayout(clips, 0);
        ClipLength = clipLength;
    }

    public ViewLayout Layout { get; }

    public int ClipLength { get; }

    // The last clip of a short video starts at frame clips - 1, and more than half of it must exist.
    public int MinimumFrames => Layout.Count + (ClipLength / 2 * Stride);

    public ClipPlan Plan(VideoInfo video, ref CounterRandom random)
    {
        ClipFrames.CheckLength(this, video);
        return new ClipPlan([.. Enumerable.Range(0, Layout.Count).Select(m => ClipFrames.Reflected(Start(m, video.Frames), ClipLength, Stride, video.Frames))]);
    }

    private int Start(int clip, int frames)
    {
        int start = (int)ClipFrames.Spaced(clip, Layout.Count, 0, frames - (ClipLength * Stride) - Margin);
        return start < 0 ? clip : start;
    }
}
