using Tclr.Core;

namespace Tclr.Evaluation;

/// <summary>Settings of <see cref="FineTuning"/>.</summary>
/// <example><code>
/// var options = FineTuningOptions.DualVarUcf101 with { BatchSize = 8 };
/// </code></example>
public sealed record FineTuningOptions : ClassifierOptions
{
    /// <summary>The fine-tuning of the TCLR paper (Dave et al., 2022): ten epochs of linear warm-up, then the learning rate is divided by 10 on each plateau.</summary>
    /// <remarks>
    /// The paper does not state optimizer and learning rate, and the authors' code for it does not run. These settings use Adam with 1e-4, batches
    /// of 32, the patience of 9 epochs of their pre-training, and at most 100 epochs; training ends below 1e-6.
    /// </remarks>
    public static FineTuningOptions Tclr { get; } = new()
    {
        Optimizer = new AdamOptions { LearningRate = 1e-4, WeightDecay = 0 },
        Schedule = LearningRateSchedules.Plateau(warmupEpochs: 10, stopBelow: 1e-6),
    };

    /// <summary>The fine-tuning of TCLR's weights in SEVERE (Thoker et al., 2022), to which the TCLR authors refer.</summary>
    /// <remarks>
    /// Adam with learning rate 1e-4, multiplied by 0.3 after 6, 10 and 14 of 16 epochs; batches of 32 clips of 32 frames, the last one dropped. Their
    /// epoch has ten clips of each video, and an epoch here has one, so the settings have 160 epochs and milestones at 60, 100 and 140.
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
    /// SGD with momentum 0.9 and learning rate 0.05, divided by 10 at epochs 50 and 100 of 150; weight decay 1e-3, batches of 16, the last
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

    /// <summary>The fine-tuning of DualVar after pre-training on UCF101: <see cref="DualVarKinetics"/> with 100 epochs, and the learning rate divided by 10 at 30, 60 and 80.</summary>
    public static FineTuningOptions DualVarUcf101 { get; } = DualVarKinetics with
    {
        Schedule = LearningRateSchedules.MultiStep([30, 60, 80]),
        Epochs = 100,
    };
}
