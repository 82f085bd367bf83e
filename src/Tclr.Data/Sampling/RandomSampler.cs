using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.Random"/>
internal sealed class RandomSampler : IClipSampler
{
    private readonly int stride;

    public RandomSampler(int clips, int clipLength, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clips, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(clipLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        Layout = new ViewLayout(clips, 0);
        (ClipLength, this.stride) = (clipLength, stride);
    }

    public ViewLayout Layout { get; }

    public int ClipLength { get; }

    public int MinimumFrames => ClipLength;

    public ClipPlan Plan(int frames, ref CounterRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, MinimumFrames);
        long span = ((ClipLength - 1) * (long)stride) + 1;
        int starts = (int)Math.Max(frames - span + 1, 1);
        int[][] views = new int[Layout.Count][];
        for (int i = 0; i < views.Length; i++)
        {
            views[i] = ClipFrames.PingPong(random.NextInt32(0, starts), ClipLength, stride, frames);
        }

        return new ClipPlan(views);
    }
}
