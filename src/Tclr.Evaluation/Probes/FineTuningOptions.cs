using Tclr.Core;

namespace Tclr.Evaluation;

/// <summary>Settings of <see cref="FineTuning"/>.</summary>
/// <example><code>
/// var options = FineTuningOptions.DualVarUcf101 with { BatchSize = 8 };
/// </code></example>
public sealed record FineTuningOptions : ClassifierOptions
{
    /// <summary>
    /// TCLR's fine-tuning: linear warm-up over 10 epochs and a tenth of the learning rate on a plateau. (Dave et al., 2022. Their
    /// code for it does not run, so optimizer and learning rate are ours: Adam 1e-4 in batches of 32, a plateau of 9 epochs as in
    /// their pre-training, ends below 1e-6.)
    /// </summary>
    public static FineTuningOptions Tclr { get; } = new()
    {
        Optimizer = new AdamOptions { LearningRate = 1e-4, WeightDecay = 0 },
        Schedule = LearningRateSchedules.Plateau(warmupEpochs: 10, stopBelow: 1e-6),
    };

    /// <summary>
    /// DualVar's fine-tuning after pre-training on Kinetics: SGD 0.05 with momentum 0.9, weight decay 1e-3, batches of 16, 150
    /// epochs, a tenth at 50 and 100, initial weights with standard deviation 0.01. (The authors' configuration.)
    /// </summary>
    public static FineTuningOptions DualVarKinetics { get; } = new()
    {
        Optimizer = new SgdOptions { LearningRate = 0.05, WeightDecay = 1e-3 },
        Schedule = LearningRateSchedules.MultiStep([50, 100]),
        BatchSize = 16,
        Epochs = 150,
        InitialDeviation = 0.01,
    };

    /// <summary>DualVar's fine-tuning after pre-training on UCF101: <see cref="DualVarKinetics"/> with 100 epochs and a tenth at 30, 60 and 80.</summary>
    public static FineTuningOptions DualVarUcf101 { get; } = DualVarKinetics with
    {
        Schedule = LearningRateSchedules.MultiStep([30, 60, 80]),
        Epochs = 100,
    };
}
