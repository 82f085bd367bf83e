using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.DualVar"/>
internal sealed class DualVarSampler : StridedSampler
{
    private readonly bool reversal;

    public DualVarSampler(int clipLength, ClipStride stride, bool reversal)
        : base(3, clipLength, stride)
    {
        this.reversal = reversal;
    }

    /// <summary>Frames around a center; outside of the video, its first or last frame is repeated.</summary>
    public static int[] Around(int center, int length, int stride, int frames)
        => [.. Enumerable.Range(0, length).Select(i => (int)Math.Clamp(center + ((i - (length / 2)) * (long)stride), 0, frames - 1))];

    protected override ClipPlan Plan(int frames, int stride, ref CounterRandom random)
    {
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

/// <inheritdoc cref="ClipSamplers.DualVarFineTuning"/>
internal sealed class DualVarFineTuningSampler : StridedSampler
{
    public DualVarFineTuningSampler(int clipLength, ClipStride stride)
        : base(1, clipLength, stride)
    {
    }

    protected override ClipPlan Plan(int frames, int stride, ref CounterRandom random)
    {
        double place = random.NextDouble();
        bool late = random.NextDouble() < 0.5;
        long span = ClipFrames.Span(ClipLength, stride);
        if (frames > span)
        {
            int start = (int)(place * (frames - span));
            return new ClipPlan([[.. Enumerable.Range(0, ClipLength).Select(i => start + (i * stride))]]);
        }

        // The existing frames from a random phase on, padded at the end or at the start.
        int phase = Math.Min((int)(place * stride), frames - 1);
        int there = Math.Min(((frames - 1 - phase) / stride) + 1, ClipLength), missing = ClipLength - there;
        var shown = Enumerable.Range(0, there).Select(i => phase + (i * stride));
        return new ClipPlan([late
            ? [.. Enumerable.Repeat(0, missing), .. shown]
            : [.. shown, .. Enumerable.Repeat(frames - 1, missing)]]);
    }
}

/// <inheritdoc cref="ClipSamplers.DualVarTest"/>
internal sealed class DualVarTestSampler : StridedSampler
{
    public DualVarTestSampler(int clips, int clipLength, ClipStride stride)
        : base(clips, clipLength, stride)
    {
    }

    protected override ClipPlan Plan(int frames, int stride, ref CounterRandom random)
    {
        return new ClipPlan([.. Enumerable.Range(0, Layout.Count).Select(m => Clip(m, stride, frames))]);
    }

    private int[] Clip(int clip, int stride, int frames)
    {
        double half = ClipLength / 2 * (double)stride, low = Math.Min(half, frames), high = Math.Max(low, frames - half);
        int start = Math.Max((int)(ClipFrames.Spaced(clip, Layout.Count, low, high) - half), 0);
        return [.. Enumerable.Range(0, ClipLength).Select(i => (int)Math.Min(start + ((long)i * stride), frames - 1))];
    }
}
