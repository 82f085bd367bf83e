namespace Tclr.Core;

/// <summary>A linear rise, then half a cosine down. See <see cref="LearningRateSchedules.WarmupCosine"/>.</summary>
public sealed record WarmupCosineSchedule : ILearningRateSchedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="warmupSteps">Steps of the rise, 0 or more.</param>
    /// <param name="finalFactor">The factor at the end, in [0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public WarmupCosineSchedule(int warmupSteps, double finalFactor)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(warmupSteps);
        ArgumentOutOfRangeException.ThrowIfNegative(finalFactor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(finalFactor, 1);
        WarmupSteps = warmupSteps;
        FinalFactor = finalFactor;
    }

    /// <summary>Steps of the rise.</summary>
    public int WarmupSteps { get; }

    /// <summary>The factor at the end.</summary>
    public double FinalFactor { get; }

    /// <inheritdoc/>
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
