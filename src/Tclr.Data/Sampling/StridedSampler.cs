using System.Runtime.CompilerServices;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>A sampler of clips whose frames lie a stride apart.</summary>
internal abstract class StridedSampler : IClipSampler
{
    protected StridedSampler(int clips, int clipLength, ClipStride stride, [CallerArgumentExpression(nameof(clips))] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clips, 1, name);
        ArgumentOutOfRangeException.ThrowIfLessThan(clipLength, 1);
        (Layout, ClipLength, Stride) = (new ViewLayout(clips, 0), clipLength, stride);
    }

    public ViewLayout Layout { get; protected init; }

    public int ClipLength { get; }

    public ClipStride Stride { get; }

    public virtual int MinimumFrames => 1;

    public ClipPlan Plan(VideoInfo video, ref CounterRandom random)
    {
        ClipFrames.CheckLength(this, video);
        return Plan(video.Frames, Stride.Of(video, ClipLength), ref random);
    }

    /// <summary>Chooses the frames.</summary>
    /// <param name="frames">Number of frames of the video.</param>
    /// <param name="stride">The stride in frames.</param>
    /// <param name="random">The random stream.</param>
    protected abstract ClipPlan Plan(int frames, int stride, ref CounterRandom random);
}
