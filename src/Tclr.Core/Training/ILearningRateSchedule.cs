namespace Tclr.Core;

/// <summary>How the learning rate changes over a run.</summary>
public interface ILearningRateSchedule
{
    /// <summary>The factor of the optimiser's learning rate at a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="totalSteps">Number of steps of the run.</param>
    /// <returns>A factor of 0 or more; a function of its arguments alone, so that a resumed run goes on alike.</returns>
    double Factor(long step, long totalSteps);
}

/// <summary>Ready-made schedules.</summary>
public static class LearningRateSchedules
{
    /// <summary>The same learning rate throughout.</summary>
    public static ILearningRateSchedule Constant { get; } = new ConstantSchedule();

    /// <summary>A linear rise, then half a cosine down (Loshchilov and Hutter, 2017).</summary>
    /// <param name="warmupSteps">Steps of the rise, 0 or more; the first step has the factor <c>1 / warmupSteps</c>.</param>
    /// <param name="finalFactor">The factor at the end, in [0, 1].</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static ILearningRateSchedule WarmupCosine(int warmupSteps, double finalFactor = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(warmupSteps);
        ArgumentOutOfRangeException.ThrowIfNegative(finalFactor);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(finalFactor, 1);
        return new WarmupCosineSchedule(warmupSteps, finalFactor);
    }

    private sealed class ConstantSchedule : ILearningRateSchedule
    {
        public double Factor(long step, long totalSteps) => 1;
    }

    private sealed class WarmupCosineSchedule(int warmupSteps, double finalFactor) : ILearningRateSchedule
    {
        public double Factor(long step, long totalSteps)
        {
            if (step < warmupSteps)
            {
                return (step + 1.0) / warmupSteps;
            }

            double progress = (step - warmupSteps) / (double)Math.Max(1, totalSteps - warmupSteps);
            return finalFactor + ((1 - finalFactor) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(progress, 1))));
        }
    }
}
