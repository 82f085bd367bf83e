namespace Tclr.Core;

/// <summary>See <see cref="LearningRateSchedules.WarmupCosine"/>.</summary>
internal sealed record WarmupCosineSchedule : ILearningRateSchedule
{
    public WarmupCosineSchedule(int warmupSteps, double finalFactor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(warmupSteps);
        ArgumentOutOfRangeException.ThrowIfNegative(finalFactor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(finalFactor, 1);
        (WarmupSteps, FinalFactor) = (warmupSteps, finalFactor);
    }

    public int WarmupSteps { get; }

    public double FinalFactor { get; }

    public double Factor(SchedulePosition position)
    {
        if (position.Step < WarmupSteps)
        {
            return (position.Step + 1.0) / WarmupSteps;
        }

        double progress = (position.Step - WarmupSteps) / (double)Math.Max(1, position.TotalSteps - WarmupSteps);
        return FinalFactor + ((1 - FinalFactor) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(progress, 1))));
    }
}
