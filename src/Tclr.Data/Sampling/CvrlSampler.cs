using Tclr.Core;

namespace Tclr.Data;

/// <inheritdoc cref="ClipSamplers.Cvrl"/>
internal sealed class CvrlSampler : IStridedSampler
{
    public CvrlSampler(int clipLength, ClipStride stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clipLength, 1);
        (ClipLength, Stride) = (clipLength, stride);
    }

    public ViewLayout Layout { get; } = new(2, 0);

    public int ClipLength { get; }

    public int MinimumFrames => 1;

    public ClipStride Stride { get; }

    /// <summary>Number of starts: those from which a clip fits, or all frames of a video that is too short.</summary>
    public static int Starts(int clipLength, int stride, int frames)
    {
        long last = (clipLength - 1) * (long)stride;
        return frames > last ? (int)(frames - last) : frames;
    }

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

    public ClipPlan Plan(VideoInfo video, ref CounterRandom random)
    {
        ClipFrames.CheckLength(this, video);
        int frames = video.Frames, stride = Stride.Of(video, ClipLength);
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
internal sealed class CvrlFineTuningSampler : IStridedSampler
{
    public CvrlFineTuningSampler(int clipLength, ClipStride stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clipLength, 1);
        (ClipLength, Stride) = (clipLength, stride);
    }

    public ViewLayout Layout { get; } = new(1, 0);

    public int ClipLength { get; }

    public int MinimumFrames => 1;

    public ClipStride Stride { get; }

    public ClipPlan Plan(VideoInfo video, ref CounterRandom random)
    {
        ClipFrames.CheckLength(this, video);
        int stride = Stride.Of(video, ClipLength);
        int start = random.NextInt32(0, CvrlSampler.Starts(ClipLength, stride, video.Frames));
        return new ClipPlan([ClipFrames.Wrapped(start, ClipLength, stride, video.Frames)]);
    }
}

/// <inheritdoc cref="ClipSamplers.CvrlTest"/>
internal sealed class CvrlTestSampler : IStridedSampler
{
    public CvrlTestSampler(int clips, int clipLength, ClipStride stride)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clips, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(clipLength, 1);
        Layout = new ViewLayout(clips, 0);
        (ClipLength, Stride) = (clipLength, stride);
    }

    public ViewLayout Layout { get; }

    public int ClipLength { get; }

    public int MinimumFrames => 1;

    public ClipStride Stride { get; }

    public ClipPlan Plan(VideoInfo video, ref CounterRandom random)
    {
        ClipFrames.CheckLength(this, video);
        int clips = Layout.Count, stride = Stride.Of(video, ClipLength);

        // The authors keep a whole stride free after the last frame.
        long last = Math.Max(video.Frames - ClipFrames.Span(ClipLength, stride), 0);
        var starts = Enumerable.Range(0, clips).Select(i => clips == 1 ? last / 2 : i * last / (clips - 1));
        return new ClipPlan([.. starts.Select(start => ClipFrames.Wrapped(start, ClipLength, stride, video.Frames))]);
    }
}
