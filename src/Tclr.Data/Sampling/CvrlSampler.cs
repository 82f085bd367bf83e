using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.Cvrl"/>
internal sealed class CvrlSampler : IClipSampler
{
    private readonly int stride;

    public CvrlSampler(int clipLength, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clipLength, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        (ClipLength, this.stride) = (clipLength, stride);
    }

    public ViewLayout Layout { get; } = new(2, 0);

    public int ClipLength { get; }

    public int MinimumFrames => 1;

    private long Span => (ClipLength - 1) * (long)stride;

    /// <summary>The interval at a quantile: the largest <c>d</c> with <c>1 - (1 - d/M)^2 &lt;= u</c>.</summary>
    public static int Interval(int starts, double quantile)
    {
        int interval = Math.Clamp((int)(starts * (1 - Math.Sqrt(1 - quantile))), 0, starts - 1);

        // The square root may be off by a rounding where the value is a whole number.
        while (interval + 1 < starts && Distribution(interval + 1) <= quantile)
        {
            interval++;
        }

        while (interval > 0 && Distribution(interval) > quantile)
        {
            interval--;
        }

        return interval;

        double Distribution(int d) => 1 - ((1 - ((double)d / starts)) * (1 - ((double)d / starts)));
    }

    public ClipPlan Plan(int frames, ref CounterRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, MinimumFrames);
        double quantile = random.NextDouble(), place = random.NextDouble();
        bool swap = random.NextDouble() < 0.5;
        if (frames <= Span)
        {
            // Too short for a clip: both start anywhere.
            return new ClipPlan([Wrapped((int)(quantile * frames), frames), Wrapped((int)(place * frames), frames)]);
        }

        int starts = (int)(frames - Span), interval = Interval(starts, quantile);
        int early = (int)(place * (starts - interval)), late = early + interval;
        return new ClipPlan([Wrapped(swap ? late : early, frames), Wrapped(swap ? early : late, frames)]);
    }

    private int[] Wrapped(int start, int frames)
        => [.. Enumerable.Range(0, ClipLength).Select(i => (int)((start + ((long)i * stride)) % frames))];
}
