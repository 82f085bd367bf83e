using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.Tclr"/>
internal sealed class TclrSampler : IClipSampler
{
    private readonly int localClips;

    public TclrSampler(int clipLength, int localClips, int globalViews)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clipLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(localClips, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(globalViews, 1);
        ClipLength = clipLength;
        this.localClips = localClips;
        Layout = new ViewLayout(globalViews, localClips);
    }

    public ViewLayout Layout { get; }

    public int ClipLength { get; }

    public int MinimumFrames => ClipLength;

    public ClipPlan Plan(int frames, ref CounterRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, MinimumFrames);
        int window = ClipLength * localClips;
        int start = random.NextInt32(0, Math.Max(frames - window, 0) + 1);
        return PlanAt(frames, start);
    }

    internal ClipPlan PlanAt(int frames, int start)
    {
        int[] global = ClipFrames.PingPong(start, ClipLength, localClips, frames);
        var locals = Enumerable.Range(0, localClips).Select(j => ClipFrames.PingPong(start + (j * ClipLength), ClipLength, 1, frames)).ToList();
        var views = Enumerable.Range(0, Layout.GlobalViews);
        return new ClipPlan([.. views.Select(_ => global), .. views.SelectMany(_ => locals)]);
    }
}
