using Tclr.Core;

namespace Tclr.Evaluation;

/// <summary>How a classifier is trained: the settings that <see cref="LinearProbeOptions"/> and <see cref="FineTuningOptions"/> share.</summary>
/// <example><code>
/// var options = new LinearProbeOptions { Epochs = 60, Schedule = LearningRateSchedules.MultiStep([30, 45]) };
/// </code></example>
public abstract record ClassifierOptions
{
    private protected ClassifierOptions()
    {
    }

    /// <summary>The optimizer.</summary>
    /// <value>The default value is Adam with a learning rate of 1e-2 and without weight decay.</value>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions { LearningRate = 1e-2, WeightDecay = 0 };

    /// <summary>The learning-rate schedule.</summary>
    /// <value>The default value is a tenth after every 3 epochs without a lower loss, counted in total; training ends below 1e-5.</value>
    public ILearningRateSchedule Schedule { get; init; } = LearningRateSchedules.Plateau(patience: 3, consecutive: false, stopBelow: 1e-5);

    /// <summary>Number of samples in a batch; all of them where there are fewer.</summary>
    /// <value>1 or more. The default value is 32.</value>
    public int BatchSize { get; init; } = 32;

    /// <summary>Maximum number of epochs.</summary>
    /// <value>1 or more. The default value is 100.</value>
    public int Epochs { get; init; } = 100;

    /// <summary>Whether features are scaled to unit length before the linear layer.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Normalize { get; init; }

    /// <summary>Standard deviation of the linear layer's initial weights, which are then normal, with biases of 0.</summary>
    /// <value>Greater than 0. The default value is <see langword="null"/>: weights and biases are uniform within <c>1 / sqrt(D)</c> of 0.</value>
    public double? InitialDeviation { get; init; }

    /// <summary>Seed of the initial weights and of the order of the samples.</summary>
    /// <value>The default value is 0.</value>
    public ulong Seed { get; init; }

    internal void Check(OptionChecker check)
    {
        check.Require(Optimizer is not null, Optimizer, "settings such as AdamOptions");
        check.Require(Schedule is not null, Schedule, "a schedule of LearningRateSchedules");
        check.AtLeast(BatchSize, 1);
        check.AtLeast(Epochs, 1);
        check.Positive(InitialDeviation ?? 1, nameof(InitialDeviation));
    }
}
