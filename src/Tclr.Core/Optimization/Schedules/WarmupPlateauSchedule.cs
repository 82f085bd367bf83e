namespace Tclr.Core;

/// <summary>See <see cref="LearningRateSchedules.Plateau"/>.</summary>
internal sealed record WarmupPlateauSchedule : ILearningRateSchedule
{
    public WarmupPlateauSchedule(IReadOnlyList<double> warmup, int patience = 9, double decay = 0.1, bool consecutive = true, double stopBelow = 0)
    {
        ArgumentNullException.ThrowIfNull(warmup);
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(decay);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decay, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(stopBelow);
        foreach (double factor in warmup)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(factor, nameof(warmup));
        }

        (Warmup, Patience, Decay, Consecutive, StopBelow) = (warmup, patience, decay, consecutive, stopBelow);
    }

    /// <summary>The factor of each epoch of the warm-up.</summary>
    public IReadOnlyList<double> Warmup { get; }

    public int Patience { get; }

    public double Decay { get; }

    public bool Consecutive { get; }

    public double StopBelow { get; }

    public double Factor(SchedulePosition position) => position.Epoch < Warmup.Count ? Warmup[position.Epoch] : Decayed(position);

    // Tolerates the rounding of powers of the decay.
    public bool IsFinished(SchedulePosition position, double learningRate) => learningRate * Decayed(position) < StopBelow * 0.999;

    private double Decayed(SchedulePosition position)
    {
        double best = double.PositiveInfinity;
        int worse = 0, falls = 0;
        foreach (double loss in position.EpochLosses.Take(position.Epoch))
        {
            if (loss < best)
            {
                (best, worse) = (loss, Consecutive ? 0 : worse);
            }
            else if (loss > best && ++worse == Patience)
            {
                (worse, falls) = (0, falls + 1);
            }
        }

        return Math.Pow(Decay, falls);
    }
}
