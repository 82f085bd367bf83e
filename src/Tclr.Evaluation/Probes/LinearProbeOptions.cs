namespace Tclr.Evaluation;

/// <summary>How <see cref="LinearProbe"/> trains; the defaults are TCLR's.</summary>
/// <example><code>
/// var options = LinearProbeOptions.Cvrl with { BatchSize = 256, LearningRate = 8 };
/// </code></example>
public sealed record LinearProbeOptions : ClassifierOptions
{
    /// <summary>
    /// TCLR's linear evaluation: Adam 1e-2 without weight decay, batches of 32, 100 epochs at most; a tenth of the learning
    /// rate after 3 epochs without a better loss, counted in total; the end below 1e-5. (Dave et al., 2022, the authors' code;
    /// <see cref="Statistics"/> = <see cref="EncoderStatistics.Drifting"/> is theirs as well.)
    /// </summary>
    public static LinearProbeOptions Tclr { get; } = new();

    /// <summary>
    /// CVRL's linear evaluation: features of unit length, SGD with momentum 0.9, learning rate 32 for batches of 1024, a
    /// rise of 5 epochs and half a cosine over 100. (Qian et al., 2021, the official configuration.)
    /// </summary>
    public static LinearProbeOptions Cvrl { get; } = new()
    {
        Optimizer = ClassifierOptimizer.Sgd,
        LearningRate = 32,
        Schedule = ClassifierSchedule.Cosine(warmupEpochs: 5),
        BatchSize = 1024,
        Normalize = true,
    };

    /// <summary>
    /// DualVar's optimisation (that of its fine-tuning on UCF101) with a frozen encoder, of which its authors give no
    /// numbers: SGD 0.05 with momentum 0.9, weight decay 1e-3, batches of 16, 100 epochs, a tenth at 30, 60 and 80, first
    /// weights with deviation 0.01.
    /// </summary>
    public static LinearProbeOptions DualVar { get; } = new()
    {
        Optimizer = ClassifierOptimizer.Sgd,
        LearningRate = 0.05,
        WeightDecay = 1e-3,
        Schedule = ClassifierSchedule.Steps(0.1, 30, 60, 80),
        BatchSize = 16,
        InitialDeviation = 0.01,
    };

    /// <summary>What the encoder's batch normalisation does where clips go through the encoder; features that are ready do not ask.</summary>
    /// <value>The default value is <see cref="EncoderStatistics.Frozen"/>.</value>
    public EncoderStatistics Statistics { get; init; }
}
