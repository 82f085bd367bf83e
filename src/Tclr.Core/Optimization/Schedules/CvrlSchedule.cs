namespace Tclr.Core;

/// <summary>See <see cref="LearningRateSchedules.Cvrl"/>.</summary>
internal sealed record CvrlSchedule : ILearningRateSchedule
{
    public CvrlSchedule(int warmupSteps, double warmupEpochs = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(warmupSteps);
        ArgumentOutOfRangeException.ThrowIfNegative(warmupEpochs);
        (WarmupSteps, WarmupEpochs) = (warmupSteps, warmupEpochs);
    }

    public int WarmupSteps { get; }

    public double WarmupEpochs { get; }

    public double Factor(SchedulePosition position)
    {
        long warmup = WarmupSteps + (long)Math.Round(WarmupEpochs * position.StepsPerEpoch);
        return position.Step < warmup ? Cosine(warmup, position.TotalSteps) * position.Step / warmup : Cosine(position.Step, position.TotalSteps);
    }

    private static double Cosine(long step, long totalSteps) => 0.5 * (1 + Math.Cos(Math.PI * Math.Min(step / (double)totalSteps, 1)));
}
