using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.TclrReference"/>
internal sealed class TclrReferenceSampler : IClipSampler
{
    private readonly int timesteps;

    public TclrReferenceSampler(int clipLength, int timesteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clipLength, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(timesteps, 1);
        ClipLength = clipLength;
        this.timesteps = timesteps;
        Layout = new ViewLayout(2, timesteps);
    }

    public ViewLayout Layout { get; }

    public int ClipLength { get; }

    // More than half of the last local clip: 57 frames for four clips of 16.
    public int MinimumFrames => Window - (ClipLength / 2) + 1;

    private int Window => ClipLength * timesteps;

    public ClipPlan Plan(int frames, ref CounterRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, MinimumFrames);
        return PlanAt(frames, frames > Window ? random.NextInt32(0, frames - Window) : 0);
    }

    internal ClipPlan PlanAt(int frames, int start)
    {
        int[] global = Reflection.Clip(start, ClipLength, timesteps, frames);
        int[][] locals = [.. Enumerable.Range(0, timesteps).Select(j => Reflection.Clip(start + (j * ClipLength), ClipLength, 1, frames))];
        return new ClipPlan([global, global, .. locals, .. locals]);
    }
}
