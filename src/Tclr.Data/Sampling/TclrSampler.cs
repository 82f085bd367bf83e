using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.Tclr"/>
internal sealed class TclrSampler : IClipSampler
{
    private readonly int timesteps;

    public TclrSampler(int clipLength, int timesteps, int versions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clipLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(timesteps, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(versions, 1);
        ClipLength = clipLength;
        this.timesteps = timesteps;
        Layout = new ViewLayout(versions, timesteps);
    }

    public ViewLayout Layout { get; }

    public int ClipLength { get; }

    public int MinimumFrames => ClipLength;

    public ClipPlan Plan(int frames, ref CounterRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, MinimumFrames);
        int window = ClipLength * timesteps;
        int start = random.NextInt32(0, Math.Max(frames - window, 0) + 1);
        return PlanAt(frames, start);
    }

    internal ClipPlan PlanAt(int frames, int start)
    {
        int[] global = ClipFrames.PingPong(start, ClipLength, timesteps, frames);
        var locals = Enumerable.Range(0, timesteps).Select(j => ClipFrames.PingPong(start + (j * ClipLength), ClipLength, 1, frames)).ToList();
        var versions = Enumerable.Range(0, Layout.Versions);
        return new ClipPlan([.. versions.Select(_ => global), .. versions.SelectMany(_ => locals)]);
    }
}
