namespace Tclr.Evaluation;

/// <summary>How a classifier is trained: what <see cref="LinearProbeOptions"/> and <see cref="FineTuningOptions"/> have in common.</summary>
public abstract record ClassifierOptions
{
    private protected ClassifierOptions()
    {
    }

    /// <summary>What trains the weights.</summary>
    /// <value>The default value is <see cref="ClassifierOptimizer.Adam"/>.</value>
    public ClassifierOptimizer Optimizer { get; init; }

    /// <summary>Learning rate at the start of the schedule.</summary>
    /// <value>Above 0. The default value is 1e-2.</value>
    public double LearningRate { get; init; } = 1e-2;

    /// <summary>Momentum of <see cref="ClassifierOptimizer.Sgd"/>.</summary>
    /// <value>0 or more and below 1. The default value is 0.9.</value>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Factor of a weight that is added to its gradient (L2).</summary>
    /// <value>0 or more. The default value is 0.</value>
    public double WeightDecay { get; init; }

    /// <summary>The course of the learning rate.</summary>
    /// <value>The default value is <see cref="ClassifierSchedule.Plateau"/> with its defaults.</value>
    public ClassifierSchedule Schedule { get; init; } = ClassifierSchedule.Plateau();

    /// <summary>Samples in a batch; all of them where there are fewer.</summary>
    /// <value>1 or more. The default value is 32.</value>
    public int BatchSize { get; init; } = 32;

    /// <summary>Number of epochs at most.</summary>
    /// <value>1 or more. The default value is 100.</value>
    public int Epochs { get; init; } = 100;

    /// <summary>Whether features are scaled to unit length before the linear layer.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Normalize { get; init; }

    /// <summary>Standard deviation of the linear layer's first weights, with biases of 0.</summary>
    /// <value>Above 0. The default value is <see langword="null"/>: weights and biases uniform within one by the square root of the feature's length.</value>
    public double? InitialDeviation { get; init; }

    /// <summary>Seed of the first weights and of the order of the samples.</summary>
    /// <value>The default value is 0.</value>
    public ulong Seed { get; init; }

    /// <summary>Checks options.</summary>
    /// <param name="options">The options.</param>
    /// <param name="name">Who asks, for the message.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names all that are.</exception>
    internal static void Check(ClassifierOptions options, string name)
    {
        string[] mistakes = [.. options.Mistakes()];
        if (mistakes.Length > 0)
        {
            throw new ArgumentException($"{name}: {string.Join("; ", mistakes)}", nameof(options));
        }
    }

    private IEnumerable<string> Mistakes()
    {
        if (!Enum.IsDefined(Optimizer))
        {
            yield return $"{nameof(Optimizer)}: expected Adam or Sgd, got {Optimizer}";
        }

        if (!(LearningRate > 0) || double.IsInfinity(LearningRate))
        {
            yield return FormattableString.Invariant($"{nameof(LearningRate)}: expected a number above 0, got {LearningRate}");
        }

        if (Momentum is not (>= 0 and < 1))
        {
            yield return FormattableString.Invariant($"{nameof(Momentum)}: expected a number in [0, 1), got {Momentum}");
        }

        if (!(WeightDecay >= 0) || double.IsInfinity(WeightDecay))
        {
            yield return FormattableString.Invariant($"{nameof(WeightDecay)}: expected 0 or more, got {WeightDecay}");
        }

        if (BatchSize < 1 || Epochs < 1)
        {
            yield return FormattableString.Invariant($"{nameof(BatchSize)} and {nameof(Epochs)}: expected 1 or more, got {BatchSize} and {Epochs}");
        }

        if (InitialDeviation is { } deviation && (!(deviation > 0) || double.IsInfinity(deviation)))
        {
            yield return FormattableString.Invariant($"{nameof(InitialDeviation)}: expected a number above 0, got {deviation}");
        }
    }
}
