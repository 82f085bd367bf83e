using Tclr.Core;

namespace Tclr.Evaluation;

/// <summary>Settings of <see cref="FineTuning"/>.</summary>
/// <example><code>
/// var options = FineTuningOptions.DualVarUcf101 with { BatchSize = 8 };
/// </code></example>
public sealed record FineTuningOptions : ClassifierOptions
{
    /// <summary>The fine-tuning of the TCLR paper (Dave et al., 2022): ten epochs of linear warm-up, then a tenth of the learning rate on each plateau.</summary>
    /// <remarks>
    /// The paper's optimizer and learning rate are not in its text and the authors' code for it does not run; here Adam with 1e-4, batches
    /// of 32, a patience of 9 epochs as in their pre-training, at most 100 epochs, and an end below 1e-6.
    /// </remarks>
    public static FineTuningOptions Tclr { get; } = new()
    {
        Optimizer = new AdamOptions { LearningRate = 1e-4, WeightDecay = 0 },
        Schedule = LearningRateSchedules.Plateau(warmupEpochs: 10, stopBelow: 1e-6),
    };

    /// <summary>The fine-tuning of TCLR's weights in SEVERE (Thoker et al., 2022), to which the TCLR authors refer.</summary>
    /// <remarks>
    /// Adam with learning rate 1e-4, times 0.3 after 6, 10 and 14 of 16 epochs; batches of 32 clips of 32 frames, the last one dropped. Their
    /// epoch has ten clips of each video and an epoch here one, so these are 160 epochs with steps at 60, 100 and 140.
    /// </remarks>
    public static FineTuningOptions Severe { get; } = new()
    {
        Optimizer = new AdamOptions { LearningRate = 1e-4, WeightDecay = 0 },
        Schedule = LearningRateSchedules.MultiStep([60, 100, 140], decay: 0.3),
        Epochs = 160,
        DropLastBatch = true,
    };

    /// <summary>The fine-tuning of DualVar after pre-training on Kinetics-400 (Zhang et al., 2021, the authors' scripts).</summary>
    /// <remarks>
    /// SGD with momentum 0.9, learning rate 0.05, a tenth of it at epochs 50 and 100 of 150; weight decay 1e-3, batches of 16, the last
    /// one dropped, initial weights with standard deviation 0.01.
    /// </remarks>
    public static FineTuningOptions DualVarKinetics { get; } = new()
    {
        Optimizer = new SgdOptions { LearningRate = 0.05, WeightDecay = 1e-3 },
        Schedule = LearningRateSchedules.MultiStep([50, 100]),
        BatchSize = 16,
        Epochs = 150,
        Initialization = ClassifierInitialization.Normal(0.01),
        DropLastBatch = true,
    };

    /// <summary>The fine-tuning of DualVar after pre-training on UCF101: <see cref="DualVarKinetics"/> with 100 epochs and a tenth at 30, 60 and 80.</summary>
    public static FineTuningOptions DualVarUcf101 { get; } = DualVarKinetics with
    {
        Schedule = LearningRateSchedules.MultiStep([30, 60, 80]),
        Epochs = 100,
    };
}
