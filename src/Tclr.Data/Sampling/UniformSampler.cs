using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.Uniform"/>
internal sealed class UniformSampler : StridedSampler
{
    public UniformSampler(int clips, int clipLength, ClipStride stride)
        : base(clips, clipLength, stride)
    {
    }

    public override int MinimumFrames => ClipLength;

    protected override ClipPlan Plan(int frames, int stride, ref CounterRandom random)
    {
        long last = Math.Max(frames - (((ClipLength - 1) * (long)stride) + 1), 0);
        long gaps = Math.Max(Layout.GlobalViews - 1, 1);
        var starts = Enumerable.Range(0, Layout.GlobalViews).Select(i => i * last / gaps);
        return new ClipPlan([.. starts.Select(start => ClipFrames.PingPong(start, ClipLength, stride, frames))]);
    }
}
