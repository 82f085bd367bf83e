using Tclr.Core;

namespace Tclr.Evaluation;

/// <summary>Settings of <see cref="LinearProbe"/>; the defaults are TCLR's.</summary>
/// <example><code>
/// var options = LinearProbeOptions.Cvrl with { BatchSize = 256, Optimizer = new SgdOptions { LearningRate = 8, WeightDecay = 0 } };
/// </code></example>
public sealed record LinearProbeOptions : ClassifierOptions
{
    /// <summary>
    /// TCLR's linear evaluation: Adam 1e-2 without weight decay, batches of 32, at most 100 epochs; a tenth of the learning rate
    /// after every 3 epochs without a lower loss, counted in total; ends below 1e-5. (Dave et al., 2022, the authors' code, which
    /// also uses <see cref="BatchNormMode.Training"/>.)
    /// </summary>
    public static LinearProbeOptions Tclr { get; } = new();

    /// <summary>
    /// CVRL's linear evaluation: features of unit length, SGD with momentum 0.9, learning rate 32 for batches of 1024, five epochs
    /// of warm-up and half a cosine over 100. (Qian et al., 2021, the official configuration.)
    /// </summary>
    public static LinearProbeOptions Cvrl { get; } = new()
    {
        Optimizer = new SgdOptions { LearningRate = 32, WeightDecay = 0 },
        Schedule = LearningRateSchedules.Cvrl(warmupEpochs: 5),
        BatchSize = 1024,
        Normalize = true,
    };

    /// <summary>
    /// DualVar's fine-tuning on UCF101 applied to a frozen encoder, for which its authors give no settings: SGD 0.05 with momentum
    /// 0.9, weight decay 1e-3, batches of 16, 100 epochs, a tenth at 30, 60 and 80, initial weights with standard deviation 0.01.
    /// </summary>
    public static LinearProbeOptions DualVar { get; } = new()
    {
        Optimizer = new SgdOptions { LearningRate = 0.05, WeightDecay = 1e-3 },
        Schedule = LearningRateSchedules.MultiStep([30, 60, 80]),
        BatchSize = 16,
        InitialDeviation = 0.01,
    };

    /// <summary>Mode of the encoder's batch normalization during training; ignored where features are given.</summary>
    /// <value>The default value is <see cref="BatchNormMode.Evaluation"/>.</value>
    public BatchNormMode BatchNorm { get; init; }
}

/// <summary>Mode of a frozen encoder's batch normalization while a linear probe is trained on it.</summary>
public enum BatchNormMode
{
    /// <summary>Running statistics, unchanged.</summary>
    Evaluation,

    /// <summary>
    /// Batch statistics, which update the running ones; the test uses the updated ones. What the TCLR authors' code does. The
    /// encoder gets its own statistics back at the end.
    /// </summary>
    Training,
}
