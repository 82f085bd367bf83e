using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.Uniform"/>
internal sealed class UniformSampler : IStridedSampler
{
    public UniformSampler(int clips, int clipLength, ClipStride stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clips, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(clipLength, 1);
        Layout = new ViewLayout(clips, 0);
        (ClipLength, Stride) = (clipLength, stride);
    }

    public ViewLayout Layout { get; }

    public int ClipLength { get; }

    public int MinimumFrames => ClipLength;

    public ClipStride Stride { get; }

    public ClipPlan Plan(VideoInfo video, ref CounterRandom random)
    {
        ClipFrames.CheckLength(this, video);
        int stride = Stride.Of(video, ClipLength);
        long last = Math.Max(video.Frames - (((ClipLength - 1) * (long)stride) + 1), 0);
        long gaps = Math.Max(Layout.GlobalViews - 1, 1);
        var starts = Enumerable.Range(0, Layout.GlobalViews).Select(i => i * last / gaps);
        return new ClipPlan([.. starts.Select(start => ClipFrames.PingPong(start, ClipLength, stride, video.Frames))]);
    }
}
