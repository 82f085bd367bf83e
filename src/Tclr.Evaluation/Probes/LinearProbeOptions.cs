using Tclr.Core;

namespace Tclr.Evaluation;

/// <summary>Settings of <see cref="LinearProbe"/>.</summary>
/// <example><code>
/// var options = LinearProbeOptions.Cvrl with { BatchSize = 256, Optimizer = new SgdOptions { LearningRate = 8, WeightDecay = 0 } };
/// </code></example>
public sealed record LinearProbeOptions : ClassifierOptions
{
    /// <summary>The linear probe of the TCLR authors' code (Dave et al., 2022).</summary>
    /// <remarks>
    /// Adam with learning rate 1e-2 and without weight decay, batches of 32, the last one kept, at most 100 epochs; the learning rate is
    /// divided by 10 after 3 epochs in total without a lower loss, and training ends below 1e-5. The layer has one output more than
    /// classes. It is tested after epochs 6 and 11 to 49, counted from 0; the authors report the best of them, <see cref="ClassificationResult.Best"/>.
    /// They leave the encoder's batch normalization in training mode (<see cref="TrainBatchNorm"/>).
    /// </remarks>
    public static LinearProbeOptions Tclr { get; } = new() { TrainBatchNorm = true, UnusedOutputs = 1, TestEpochs = [6, .. Enumerable.Range(11, 39)] };

    /// <summary>The linear evaluation of CVRL (Qian et al., 2021, official configuration).</summary>
    /// <remarks>
    /// Features of unit length, SGD with momentum 0.9 and learning rate 32 for batches of 1024, without weight decay; five epochs of linear
    /// warm-up and half a cosine over 100 epochs; Glorot uniform initialization. Scale the learning rate with the batch.
    /// </remarks>
    public static LinearProbeOptions Cvrl { get; } = new()
    {
        Optimizer = new SgdOptions { LearningRate = 32, WeightDecay = 0 },
        Schedule = LearningRateSchedules.Cvrl(warmupEpochs: 5),
        BatchSize = 1024,
        Normalize = true,
        Initialization = ClassifierInitialization.GlorotUniform,
        DropLastBatch = true,
    };

    /// <summary>The settings of <see cref="FineTuningOptions.DualVarUcf101"/> for a frozen encoder. The authors of DualVar publish no linear probe.</summary>
    public static LinearProbeOptions DualVar { get; } = new()
    {
        Optimizer = new SgdOptions { LearningRate = 0.05, WeightDecay = 1e-3 },
        Schedule = LearningRateSchedules.MultiStep([30, 60, 80]),
        BatchSize = 16,
        Initialization = ClassifierInitialization.Normal(0.01),
        DropLastBatch = true,
    };

    /// <summary>Whether the encoder's batch normalization is in training mode while the linear layer is trained, as in the TCLR authors' code.</summary>
    /// <remarks>
    /// It then uses batch statistics, and updates the running statistics that the test uses. The weights stay frozen, and the original running
    /// statistics are restored at the end. A probe on given features ignores it.
    /// </remarks>
    /// <value>The default value is <see langword="false"/>: running statistics, unchanged.</value>
    public bool TrainBatchNorm { get; init; }
}
