using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.Random"/>
internal sealed class RandomSampler : IStridedSampler
{
    public RandomSampler(int clips, int clipLength, ClipStride stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clips, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(clipLength, 1);
        Layout = new ViewLayout(clips, 0);
        (ClipLength, Stride) = (clipLength, stride);
    }

    public ViewLayout Layout { get; }

    public int ClipLength { get; }

    public int MinimumFrames => ClipLength;

    public ClipStride Stride { get; }

    public ClipPlan Plan(VideoInfo video, ref CounterRandom random)
    {
        ClipFrames.CheckLength(this, video);
        int stride = Stride.Of(video, ClipLength);
        long span = ((ClipLength - 1) * (long)stride) + 1;
        int starts = (int)Math.Max(video.Frames - span + 1, 1);
        int[][] views = new int[Layout.Count][];
        for (int i = 0; i < views.Length; i++)
        {
            views[i] = ClipFrames.PingPong(random.NextInt32(0, starts), ClipLength, stride, video.Frames);
        }

        return new ClipPlan(views);
    }
}
