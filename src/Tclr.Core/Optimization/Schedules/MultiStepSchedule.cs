namespace Tclr.Core;

/// <summary>The same factor throughout. See <see cref="LearningRateSchedules.Constant"/>.</summary>
internal sealed record ConstantSchedule : ILearningRateSchedule
{
    public double Factor(SchedulePosition position) => 1;
}

/// <summary>See <see cref="LearningRateSchedules.MultiStep"/>.</summary>
internal sealed record MultiStepSchedule : ILearningRateSchedule
{
    public MultiStepSchedule(IReadOnlyList<int> epochs, double decay)
    {
        ArgumentNullException.ThrowIfNull(epochs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(decay);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(decay, 1);
        if (epochs.Any(epoch => epoch < 0) || epochs.Zip(epochs.Skip(1)).Any(pair => pair.First >= pair.Second))
        {
            throw new ArgumentException($"expected epochs of 0 or more in ascending order, got {string.Join(", ", epochs)}", nameof(epochs));
        }

        (Epochs, Decay) = (epochs, decay);
    }

    public IReadOnlyList<int> Epochs { get; }

    public double Decay { get; }

    public double Factor(SchedulePosition position) => Math.Pow(Decay, Epochs.Count(epoch => epoch <= position.Epoch));
}
