namespace Tclr.Core;

/// <summary>A factor more at each milestone. See <see cref="LearningRateSchedules.MultiStep"/>.</summary>
public sealed record MultiStepSchedule : ILearningRateSchedule
{
    /// <summary>Creates the schedule.</summary>
    /// <param name="epochs">The epochs at whose start the rate falls, from 0, rising.</param>
    /// <param name="decay">What the rate is multiplied by, in (0, 1].</param>
    /// <exception cref="ArgumentException">The epochs do not rise.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public MultiStepSchedule(IReadOnlyList<int> epochs, double decay)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(decay);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decay, 1);
        if (epochs.Any(epoch => epoch < 0) || epochs.Zip(epochs.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            throw new ArgumentException($"expected epochs of 0 or more that rise, got {string.Join(", ", epochs)}", nameof(epochs));
        }

        Epochs = epochs;
        Decay = decay;
    }

    /// <summary>The epochs at whose start the rate falls.</summary>
    public IReadOnlyList<int> Epochs { get; }

    /// <summary>What the rate is multiplied by.</summary>
    public double Decay { get; }

    /// <inheritdoc/>
    public double Factor(SchedulePosition position) => Math.Pow(Decay, Epochs.Count(epoch => epoch <= position.Epoch));
}
