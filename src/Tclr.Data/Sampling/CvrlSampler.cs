using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.Cvrl"/>
internal sealed class CvrlSampler : StridedSampler
{
    public CvrlSampler(int clipLength, ClipStride stride)
        : base(2, clipLength, stride)
    {
    }

    /// <summary>Number of possible starts: those from which a clip fits, or all frames of a video that is too short.</summary>
    public static int Starts(int clipLength, int stride, int frames)
    {
        long last = (clipLength - 1) * (long)stride;
        return frames > last ? (int)(frames - last) : frames;
    }

    /// <summary>The interval at a quantile: the largest <c>d</c> with <c>1 - (1 - d/M)^2 &lt;= u</c>.</summary>
    public static int Interval(int starts, double quantile)
    {
        int interval = Math.Clamp((int)(starts * (1 - Math.Sqrt(1 - quantile))), 0, starts - 1);

        // The square root may be off by a rounding error if the value is a whole number.
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

    protected override ClipPlan Plan(int frames, int stride, ref CounterRandom random)
    {
        double quantile = random.NextDouble(), place = random.NextDouble();
        bool swap = random.NextDouble() < 0.5;
        if (frames <= (ClipLength - 1) * (long)stride)
        {
            // Too short for a clip: both start anywhere.
            return new ClipPlan([Clip((int)(quantile * frames)), Clip((int)(place * frames))]);
        }

        int starts = Starts(ClipLength, stride, frames), interval = Interval(starts, quantile);
        int early = (int)(place * (starts - interval)), late = early + interval;
        return new ClipPlan([Clip(swap ? late : early), Clip(swap ? early : late)]);

        int[] Clip(int start) => ClipFrames.Wrapped(start, ClipLength, stride, frames);
    }
}

/// <inheritdoc cref="ClipSamplers.CvrlFineTuning"/>
internal sealed class CvrlFineTuningSampler : StridedSampler
{
    public CvrlFineTuningSampler(int clipLength, ClipStride stride)
        : base(1, clipLength, stride)
    {
    }

    protected override ClipPlan Plan(int frames, int stride, ref CounterRandom random)
    {
        int start = random.NextInt32(0, CvrlSampler.Starts(ClipLength, stride, frames));
        return new ClipPlan([ClipFrames.Wrapped(start, ClipLength, stride, frames)]);
    }
}

/// <inheritdoc cref="ClipSamplers.CvrlTest"/>
internal sealed class CvrlTestSampler : StridedSampler
{
    public CvrlTestSampler(int clips, int clipLength, ClipStride stride)
        : base(clips, clipLength, stride)
    {
    }

    protected override ClipPlan Plan(int frames, int stride, ref CounterRandom random)
    {
        int clips = Layout.Count;

        // The authors' code leaves a stride after the last frame.
        long last = Math.Max(frames - ClipFrames.Span(ClipLength, stride), 0);
        var starts = Enumerable.Range(0, clips).Select(i => clips == 1 ? last / 2 : i * last / (clips - 1));
        return new ClipPlan([.. starts.Select(start => ClipFrames.Wrapped(start, ClipLength, stride, frames))]);
    }
}
