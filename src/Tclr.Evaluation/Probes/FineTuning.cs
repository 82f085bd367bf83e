using Tclr.Core;

namespace Tclr.Evaluation;

/// <summary>Fine-tuning: trains an encoder with a linear layer behind it, from the encoder's weights, and measures accuracy.</summary>
/// <remarks>
/// The probabilities of a test video are averaged over its clips, ten in the papers. Source: the protocol of Dave et al., "TCLR" (2022).
/// </remarks>
/// <example><code>
/// var result = await FineTuning.TrainAsync(encoder, videos, FineTuningOptions.Tclr);
/// double accuracy = result.Accuracy;                       // 0 to 1
/// </code></example>
public static class FineTuning
{
    /// <summary>Trains encoder and classifier, and tests.</summary>
    /// <param name="encoder">The encoder. Its weights change, even if training is canceled. The caller keeps owning it.</param>
    /// <param name="videos">The videos.</param>
    /// <param name="options">The settings; <see langword="null"/> for those of TCLR.</param>
    /// <param name="testBatchSize">Number of test videos in a batch, 1 or more.</param>
    /// <param name="progress">Reports each epoch.</param>
    /// <param name="cancellationToken">Cancels between two batches.</param>
    /// <returns>Accuracy and predictions on the test videos, and the epochs.</returns>
    /// <exception cref="ArgumentException">The encoder does not accept the clips, or an option is out of its range.</exception>
    /// <exception cref="TrainingException">The loss became infinite or NaN.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static Task<ClassificationResult> TrainAsync(
        IVideoEncoder encoder,
        ClassifiedVideos videos,
        FineTuningOptions? options = null,
        int testBatchSize = 4,
        IProgress<ClassifierEpoch>? progress = null,
        CancellationToken cancellationToken = default)
        => VideoClassifier.RunAsync(encoder, videos, options ?? FineTuningOptions.Tclr, trainsEncoder: true, trainBatchNorm: true, testBatchSize, progress, cancellationToken);
}
