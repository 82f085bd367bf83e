using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.TclrTest"/>
internal sealed class TclrTestSampler : IClipSampler
{
    private const int Stride = 2;

    // The authors keep ten frames free at the end.
    private const int Margin = 10;

    public TclrTestSampler(int clips, int clipLength)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clips, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(clipLength, 2);
        Layout = new ViewLayout(clips, 0);
        ClipLength = clipLength;
    }

    public ViewLayout Layout { get; }

    public int ClipLength { get; }

    // The last clip of a short video starts at frame clips - 1, and more than half of it has to exist.
    public int MinimumFrames => Layout.Count + (ClipLength / 2 * Stride);

    public ClipPlan Plan(int frames, ref CounterRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, MinimumFrames);
        return new ClipPlan([.. Enumerable.Range(0, Layout.Count).Select(m => Reflection.Clip(Start(m, frames), ClipLength, Stride, frames))]);
    }

    private int Start(int clip, int frames)
    {
        int start = (int)Spaced.At(clip, Layout.Count, 0, frames - (ClipLength * Stride) - Margin);
        return start < 0 ? clip : start;
    }
}
