using Tclr.Core;
using Tclr.Data;

namespace Tclr.Samples.EmbeddedSet;

/// <summary>Evenly spaced clips of the first or the second half of a video.</summary>
internal sealed class HalfSampler(int clips, int clipLength, bool second) : IClipSampler
{
    private readonly IClipSampler whole = ClipSamplers.Uniform(clips, clipLength);

    public ViewLayout Layout => whole.Layout;

    public int ClipLength => clipLength;

    public int MinimumFrames => clipLength;

    public ClipPlan Plan(int frames, ref CounterRandom random)
    {
        // The halves of a very short video overlap.
        int half = Math.Max(frames / 2, clipLength);
        int offset = second ? frames - half : 0;
        var plan = whole.Plan(half, ref random);
        return new ClipPlan([.. plan.Views.Select(view => Array.ConvertAll(view, frame => frame + offset))]);
    }
}
