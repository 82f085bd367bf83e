using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.DualVar"/>
internal sealed class DualVarSampler : IClipSampler
{
    private readonly int stride;
    private readonly bool reversal;

    public DualVarSampler(int clipLength, int stride, bool reversal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clipLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        (ClipLength, this.stride, this.reversal) = (clipLength, stride, reversal);
    }

    public ViewLayout Layout { get; } = new(3, 0);

    public int ClipLength { get; }

    public int MinimumFrames => 1;

    /// <summary>Frames around a center; what lies outside the video shows its first or last frame.</summary>
    public static int[] Around(int center, int length, int stride, int frames)
        => [.. Enumerable.Range(0, length).Select(i => (int)Math.Clamp(center + ((i - (length / 2)) * (long)stride), 0, frames - 1))];

    public ClipPlan Plan(int frames, ref CounterRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, MinimumFrames);
        int[] first = Around(random.NextInt32(0, frames), ClipLength, stride, frames);
        int[] second = Around(random.NextInt32(0, frames), ClipLength, stride, frames);
        if (random.NextDouble() < 0.5 && reversal)
        {
            Array.Reverse(first);
            Array.Reverse(second);
        }

        return new ClipPlan([first, second, first]);
    }
}

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
        int start = Math.Max((int)(ClipFrames.Spaced(clip, Layout.Count, low, high) - half), 0);
        return [.. Enumerable.Range(0, ClipLength).Select(i => (int)Math.Min(start + ((long)i * stride), frames - 1))];
    }
}
