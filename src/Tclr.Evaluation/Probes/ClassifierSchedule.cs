namespace Tclr.Evaluation;

/// <summary>The course of a classifier's learning rate.</summary>
/// <example><code>
/// var options = new LinearProbeOptions { Epochs = 60, Schedule = ClassifierSchedule.Steps(0.1, 30, 45) };
/// </code></example>
public abstract record ClassifierSchedule
{
    private protected ClassifierSchedule()
    {
    }

    /// <summary>The same learning rate throughout.</summary>
    public static ClassifierSchedule Constant { get; } = new StepSchedule(1, []);

    /// <summary>A lower learning rate after some epochs whose mean training loss was not below the best so far.</summary>
    /// <remarks>An epoch with just the best loss counts neither way.</remarks>
    /// <param name="patience">Number of such epochs, 1 or more. The default value is 3.</param>
    /// <param name="factor">Of the learning rate, above 0 and below 1. The default value is 0.1.</param>
    /// <param name="stopBelow">Training stops when the learning rate would be lower, 0 or more. The default value is 1e-5.</param>
    /// <param name="consecutive">Whether an epoch with a better loss makes the count begin anew. The default value is <see langword="false"/>, as in the authors' linear evaluation of TCLR.</param>
    /// <param name="warmupEpochs">Epochs in which the learning rate rises linearly to its value, 0 or more. The default value is 0.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static ClassifierSchedule Plateau(int patience = 3, double factor = 0.1, double stopBelow = 1e-5, bool consecutive = false, int warmupEpochs = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        CheckFactor(factor);
        ArgumentOutOfRangeException.ThrowIfNegative(stopBelow);
        ArgumentOutOfRangeException.ThrowIfNegative(warmupEpochs);
        return new PlateauSchedule(patience, factor, stopBelow, consecutive, warmupEpochs);
    }

    /// <summary>A lower learning rate from some epochs on.</summary>
    /// <param name="factor">Of the learning rate at each of them, above 0 and below 1.</param>
    /// <param name="epochs">The epochs, from 0.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The factor is out of its range.</exception>
    public static ClassifierSchedule Steps(double factor, params ReadOnlySpan<int> epochs)
    {
        CheckFactor(factor);
        return new StepSchedule(factor, [.. epochs]);
    }

    /// <summary>Half a cosine down to 0 over all steps; at first a line from 0 up to it.</summary>
    /// <param name="warmupEpochs">Epochs of the rise, 0 or more. The default value is 0.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number of epochs is negative.</exception>
    public static ClassifierSchedule Cosine(double warmupEpochs = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(warmupEpochs);
        return new CosineSchedule(warmupEpochs);
    }

    /// <summary>The learning rates of a run.</summary>
    internal abstract IClassifierRate Begin(double learningRate, int epochs, int stepsPerEpoch);

    private static void CheckFactor(double factor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(factor);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(factor, 1);
    }

    private sealed record PlateauSchedule(int Patience, double Factor, double StopBelow, bool Consecutive, int WarmupEpochs) : ClassifierSchedule
    {
        internal override IClassifierRate Begin(double learningRate, int epochs, int stepsPerEpoch) => new Rate(this, learningRate);

        private sealed class Rate(PlateauSchedule schedule, double learningRate) : IClassifierRate
        {
            private double best = double.PositiveInfinity;
            private int waited;
            private int reductions;

            public bool BeginEpoch(int epoch)
            {
                if (waited == schedule.Patience)
                {
                    waited = 0;
                    reductions++;
                }

                // A thousandth of room: powers of the factor are rounded.
                return Reduced() >= schedule.StopBelow * 0.999;
            }

            public double At(int epoch, int step) => Reduced() * Math.Min(1, (epoch + 1.0) / Math.Max(1, schedule.WarmupEpochs));

            public void EndEpoch(double loss)
            {
                if (loss < best)
                {
                    best = loss;
                    waited = schedule.Consecutive ? 0 : waited;
                }
                else if (loss > best)
                {
                    waited++;
                }
            }

            private double Reduced() => learningRate * Math.Pow(schedule.Factor, reductions);
        }
    }

    private sealed record StepSchedule(double Factor, IReadOnlyList<int> Epochs) : ClassifierSchedule
    {
        internal override IClassifierRate Begin(double learningRate, int epochs, int stepsPerEpoch) => new Rate(this, learningRate);

        private sealed class Rate(StepSchedule schedule, double learningRate) : IClassifierRate
        {
            public double At(int epoch, int step) => learningRate * Math.Pow(schedule.Factor, schedule.Epochs.Count(from => epoch >= from));
        }
    }

    private sealed record CosineSchedule(double WarmupEpochs) : ClassifierSchedule
    {
        internal override IClassifierRate Begin(double learningRate, int epochs, int stepsPerEpoch)
            => new Rate(learningRate, (long)epochs * stepsPerEpoch, stepsPerEpoch, (long)Math.Round(WarmupEpochs * stepsPerEpoch));

        private sealed class Rate(double learningRate, long steps, int stepsPerEpoch, long warmup) : IClassifierRate
        {
            public double At(int epoch, int step)
            {
                long at = ((long)epoch * stepsPerEpoch) + step;
                return at < warmup ? (double)at / warmup * Cosine(warmup) : Cosine(at);
            }

            private double Cosine(long at) => learningRate * 0.5 * (1 + Math.Cos(Math.PI * at / steps));
        }
    }
}
