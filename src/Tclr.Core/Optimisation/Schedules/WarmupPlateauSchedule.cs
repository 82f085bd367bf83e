namespace Tclr.Core;

/// <summary>A factor for each epoch of a warm-up; after it the rate falls whenever the loss has not become better for some epochs in a row.</summary>
/// <remarks>
/// As the authors' code of TCLR counts: an epoch whose mean loss is lower than all before sets the count to 0, a higher one adds 1,
/// an equal one leaves it. The count runs during the warm-up too. Whenever it stands at <see cref="Patience"/>, the rate
/// falls from the next epoch on and the count starts anew.
/// </remarks>
public sealed record WarmupPlateauSchedule : ILearningRateSchedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="warmup">The factor of each epoch of the warm-up; none for no warm-up.</param>
    /// <param name="patience">Epochs in a row without a better loss, 1 or more.</param>
    /// <param name="decay">What the rate is multiplied by, in (0, 1].</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public WarmupPlateauSchedule(IReadOnlyList<double> warmup, int patience = 9, double decay = 0.1)
    {
        ArgumentNullException.ThrowIfNull(warmup);
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(decay);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decay, 1);
        foreach (double factor in warmup)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(factor, nameof(warmup));
        }

        Warmup = warmup;
        Patience = patience;
        Decay = decay;
    }

    /// <summary>The factor of each epoch of the warm-up.</summary>
    public IReadOnlyList<double> Warmup { get; }

    /// <summary>Epochs in a row without a better loss.</summary>
    public int Patience { get; }

    /// <summary>What the rate is multiplied by.</summary>
    public double Decay { get; }

    /// <inheritdoc/>
    public double Factor(SchedulePosition position)
    {
        int epoch = position.Epoch;
        return epoch < Warmup.Count ? Warmup[epoch] : Math.Pow(Decay, Falls(position.EpochLosses.Take(epoch)));
    }

    private int Falls(IEnumerable<double> losses)
    {
        double best = double.PositiveInfinity;
        int worse = 0, falls = 0;
        foreach (double loss in losses)
        {
            if (loss < best)
            {
                (best, worse) = (loss, 0);
            }
            else if (loss > best && ++worse == Patience)
            {
                (worse, falls) = (0, falls + 1);
            }
        }

        return falls;
    }
}
