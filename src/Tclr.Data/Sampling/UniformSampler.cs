using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.Uniform"/>
internal sealed class UniformSampler : IClipSampler
{
    private readonly int stride;

    public UniformSampler(int clips, int clipLength, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clips, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(clipLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ClipLength = clipLength;
        this.stride = stride;
        Layout = new ViewLayout(clips, 0);
    }

    public ViewLayout Layout { get; }

    public int ClipLength { get; }

    public int MinimumFrames => ClipLength;

    public ClipPlan Plan(int frames, ref CounterRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, MinimumFrames);
        long last = Math.Max(frames - (((ClipLength - 1) * stride) + 1), 0);
        long gaps = Math.Max(Layout.GlobalViews - 1, 1);
        var starts = Enumerable.Range(0, Layout.GlobalViews).Select(i => (int)(i * last / gaps));
        return new ClipPlan([.. starts.Select(start => ClipFrames.PingPong(start, ClipLength, stride, frames))]);
    }
}
