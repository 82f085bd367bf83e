using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.Random"/>
internal sealed class RandomSampler : StridedSampler
{
    public RandomSampler(int clips, int clipLength, ClipStride stride)
        : base(clips, clipLength, stride)
    {
    }

    public override int MinimumFrames => ClipLength;

    protected override ClipPlan Plan(int frames, int stride, ref CounterRandom random)
    {
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
