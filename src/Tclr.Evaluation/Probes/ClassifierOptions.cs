using Tclr.Core;

namespace Tclr.Evaluation;

/// <summary>Training settings of a classifier, shared by <see cref="LinearProbeOptions"/> and <see cref="FineTuningOptions"/>.</summary>
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
    /// <value>The default value divides the learning rate by 10 after 3 epochs in total without a lower loss, and ends training below 1e-5.</value>
    public ILearningRateSchedule Schedule { get; init; } = LearningRateSchedules.Plateau(patience: 3, consecutive: false, stopBelow: 1e-5);

    /// <summary>Number of samples in a batch; all samples if there are fewer.</summary>
    /// <value>1 or more. The default value is 32.</value>
    public int BatchSize { get; init; } = 32;

    /// <summary>Maximum number of epochs.</summary>
    /// <value>1 or more. The default value is 100.</value>
    public int Epochs { get; init; } = 100;

    /// <summary>Whether features are scaled to unit length before the linear layer.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Normalize { get; init; }

    /// <summary>Initial weights and biases of the linear layer.</summary>
    /// <value>The default value is <see cref="ClassifierInitialization.PyTorch"/>.</value>
    public ClassifierInitialization Initialization { get; init; } = ClassifierInitialization.PyTorch;

    /// <summary>Number of outputs of the linear layer without a class. They take part in the softmax of training and are left out when videos are classified.</summary>
    /// <value>0 or more. The default value is 0. TCLR's code has one: its classes are numbered from 1.</value>
    public int UnusedOutputs { get; init; }

    /// <summary>Whether to drop the last batch of an epoch if it has fewer samples than the others.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool DropLastBatch { get; init; }

    /// <summary>The epochs, from 0, after which the classifier is tested during training. It is always tested after the last one.</summary>
    /// <value>The default value is empty. <see cref="ClassificationResult.Best"/> is the best of the tested epochs.</value>
    public IReadOnlyList<int> TestEpochs { get; init; } = [];

    /// <summary>Seed of the initial weights and of the order of the samples.</summary>
    /// <value>The default value is 0.</value>
    public ulong Seed { get; init; }

    internal void Check(OptionChecker check)
    {
        check.Require(Optimizer is not null, Optimizer, "settings such as AdamOptions");
        check.Require(Schedule is not null, Schedule, "a schedule of LearningRateSchedules");
        check.AtLeast(BatchSize, 1);
        check.AtLeast(Epochs, 1);
        check.Require(Initialization is not null, Initialization, "one of ClassifierInitialization, such as PyTorch");
        check.AtLeast(UnusedOutputs, 0);
        check.Require(TestEpochs is not null && TestEpochs.All(epoch => epoch >= 0), TestEpochs is null ? null : string.Join(", ", TestEpochs), "epochs from 0", nameof(TestEpochs));
    }
}
