using Tclr.Core;

namespace Tclr.Evaluation;

/// <summary>Fine-tuning: how well does an encoder classify that is trained on from its weights, with a linear layer behind it?</summary>
/// <remarks>
/// A test video's probabilities are the mean of those of its clips, ten in the papers. Source: the protocol of Dave et al.,
/// "TCLR" (2022).
/// </remarks>
/// <example><code>
/// var result = await FineTuning.TrainAsync(encoder, videos, FineTuningOptions.Tclr);
/// double accuracy = result.Accuracy;                       // 0 to 1
/// </code></example>
public static class FineTuning
{
    /// <summary>Trains encoder and classifier, and tests.</summary>
    /// <param name="encoder">The encoder, which is trained: at the end, and after a stop, it has other weights than before. The caller keeps owning it.</param>
    /// <param name="videos">The videos.</param>
    /// <param name="options">How; <see langword="null"/> for TCLR's.</param>
    /// <param name="testBatchSize">Test videos that go through the encoder at a time, 1 or more. The default value is 4.</param>
    /// <param name="progress">Hears after each epoch.</param>
    /// <param name="cancellationToken">Stops between two batches.</param>
    /// <returns>Accuracy and predictions on the test videos, and the epochs.</returns>
    /// <exception cref="ArgumentException">The encoder does not take the clips, or an option is out of its range.</exception>
    /// <exception cref="TrainingException">The loss became infinite or NaN.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static Task<ClassificationResult> TrainAsync(
        IVideoEncoder encoder,
        ClassifiedVideos videos,
        FineTuningOptions? options = null,
        int testBatchSize = 4,
        IProgress<ClassifierEpoch>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(videos);
        ArgumentOutOfRangeException.ThrowIfLessThan(testBatchSize, 1);
        options ??= FineTuningOptions.Tclr;
        ClassifierOptions.Check(options, nameof(FineTuning));
        return OwnThread.RunAsync(() =>
        {
            var mode = EvaluationMode.Enter(encoder.Network);
            using var classifier = new VideoClassifier(encoder, videos, options, trainsEncoder: true);
            try
            {
                classifier.Try();
                encoder.Network.train();
                var epochs = classifier.Train(progress, cancellationToken);
                encoder.Network.eval();
                return classifier.Test(testBatchSize, cancellationToken).Result(epochs);
            }
            finally
            {
                mode.Restore();
            }
        });
    }
}
