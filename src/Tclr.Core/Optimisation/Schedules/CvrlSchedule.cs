namespace Tclr.Core;

/// <summary>Half a cosine over the whole run, its start replaced by a linear rise from 0. See <see cref="LearningRateSchedules.Cvrl"/>.</summary>
public sealed record CvrlSchedule : ILearningRateSchedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="warmupSteps">Steps of the rise, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public CvrlSchedule(int warmupSteps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(warmupSteps);
        WarmupSteps = warmupSteps;
    }

    /// <summary>Steps of the rise.</summary>
    public int WarmupSteps { get; }

    /// <inheritdoc/>
    public double Factor(SchedulePosition position)
        => position.Step < WarmupSteps
            ? Cosine(WarmupSteps, position.TotalSteps) * position.Step / WarmupSteps
            : Cosine(position.Step, position.TotalSteps);

    private static double Cosine(long step, long totalSteps) => 0.5 * (1 + Math.Cos(Math.PI * Math.Min(step / (double)totalSteps, 1)));
}
