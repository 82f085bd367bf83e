using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.Tclr"/>
internal sealed class TclrSampler : StridedSampler
{
    private readonly int localClips;

    public TclrSampler(int clipLength, int localClips, int globalViews, ClipStride stride)
        : base(globalViews, clipLength, stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(localClips, 1);
        this.localClips = localClips;
        Layout = new ViewLayout(globalViews, localClips);
    }

    public override int MinimumFrames => ClipLength;

    protected override ClipPlan Plan(int frames, int stride, ref CounterRandom random)
    {
        // The last frame of the window is the last of the last local clip.
        long window = (((long)ClipLength * localClips) - 1) * stride;
        int start = random.NextInt32(0, (int)Math.Max(frames - window, 1));
        return PlanAt(frames, start, stride);
    }

    internal ClipPlan PlanAt(int frames, int start, int stride = 1)
    {
        int[] global = ClipFrames.PingPong(start, ClipLength, checked(localClips * stride), frames);
        var locals = Enumerable.Range(0, localClips).Select(j => ClipFrames.PingPong(start + ((long)j * ClipLength * stride), ClipLength, stride, frames)).ToList();
        var views = Enumerable.Range(0, Layout.GlobalViews);
        return new ClipPlan([.. views.Select(_ => global), .. views.SelectMany(_ => locals)]);
    }
}
