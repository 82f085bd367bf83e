using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.DualVarTest"/>
internal sealed class DualVarTestSampler : IClipSampler
{
    private readonly int stride;

    public DualVarTestSampler(int clips, int clipLength, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clips, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(clipLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        Layout = new ViewLayout(clips, 0);
        (ClipLength, this.stride) = (clipLength, stride);
    }

    public ViewLayout Layout { get; }

    public int ClipLength { get; }

    public int MinimumFrames => 1;

    public ClipPlan Plan(int frames, ref CounterRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, MinimumFrames);
        return new ClipPlan([.. Enumerable.Range(0, Layout.Count).Select(m => Clip(m, frames))]);
    }

    private int[] Clip(int clip, int frames)
    {
        double half = ClipLength / 2 * (double)stride, low = Math.Min(half, frames), high = Math.Max(low, frames - half);
        int start = Math.Max((int)(Spaced.At(clip, Layout.Count, low, high) - half), 0);
        return [.. Enumerable.Range(0, ClipLength).Select(i => (int)Math.Min(start + ((long)i * stride), frames - 1))];
    }
}
