namespace Tclr.Evaluation;

/// <summary>How <see cref="FineTuning"/> trains.</summary>
/// <example><code>
/// var options = FineTuningOptions.DualVarUcf101 with { BatchSize = 8 };
/// </code></example>
public sealed record FineTuningOptions : ClassifierOptions
{
    /// <summary>
    /// TCLR's fine-tuning: a linear rise over 10 epochs and a tenth of the learning rate on a plateau. (Dave et al., 2022.
    /// Their code for it does not run, so optimiser and rate are ours: Adam 1e-4 in batches of 32, a plateau of 9 epochs as
    /// in their pre-training, the end below 1e-6.)
    /// </summary>
    public static FineTuningOptions Tclr { get; } = new()
    {
        LearningRate = 1e-4,
        Schedule = ClassifierSchedule.Plateau(patience: 9, stopBelow: 1e-6, consecutive: true, warmupEpochs: 10),
    };

    /// <summary>
    /// DualVar's fine-tuning after pre-training on Kinetics: SGD 0.05 with momentum 0.9, weight decay 1e-3, batches of 16, 150
    /// epochs, a tenth at 50 and 100, first weights with deviation 0.01. (The authors' configuration.)
    /// </summary>
    public static FineTuningOptions DualVarKinetics { get; } = new()
    {
        Optimizer = ClassifierOptimizer.Sgd,
        LearningRate = 0.05,
        WeightDecay = 1e-3,
        Schedule = ClassifierSchedule.Steps(0.1, 50, 100),
        BatchSize = 16,
        Epochs = 150,
        InitialDeviation = 0.01,
    };

    /// <summary>DualVar's fine-tuning after pre-training on UCF101: as <see cref="DualVarKinetics"/> with 100 epochs and a tenth at 30, 60 and 80.</summary>
    public static FineTuningOptions DualVarUcf101 { get; } = DualVarKinetics with
    {
        Schedule = ClassifierSchedule.Steps(0.1, 30, 60, 80),
        Epochs = 100,
    };
}
