using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Linear evaluation: trains a linear layer on a frozen encoder's features and measures accuracy.</summary>
/// <remarks>
/// Source: the protocols of Dave et al., "TCLR" (2022), and Qian et al., "CVRL" (2021). The same seed gives the same result.
/// </remarks>
/// <example><code>
/// var result = LinearProbe.Train(train.Values, trainLabels, test.Values, testLabels);
/// double accuracy = result.Accuracy;                       // 0 to 1
/// </code></example>
public static class LinearProbe
{
    private const ulong OrderStream = 0x6F72646572;

    /// <summary>Trains and tests on given features.</summary>
    /// <param name="training">Features <c>[N, D]</c>; the caller keeps owning them.</param>
    /// <param name="trainingLabels">Their <c>N</c> classes, from 0 and without gaps.</param>
    /// <param name="test">Features <c>[M, D]</c>, or <c>[M, K, D]</c> of <c>K</c> clips, whose probabilities are averaged, on the same device; the caller keeps owning them.</param>
    /// <param name="testLabels">Their <c>M</c> classes.</param>
    /// <param name="options">The settings; <see langword="null"/> for those of TCLR.</param>
    /// <param name="progress">Reports each epoch.</param>
    /// <param name="cancellationToken">Cancels between two batches.</param>
    /// <returns>Accuracy and predictions on the test features, and the epochs.</returns>
    /// <exception cref="ArgumentException">
    /// The features are not floating-point <c>[N, D]</c> and <c>[M, D]</c> or <c>[M, K, D]</c>, or not finite, the numbers of labels differ, a class
    /// has no training features, or an option is out of its range.
    /// </exception>
    /// <exception cref="TrainingException">The loss became infinite or NaN.</exception>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public static ClassificationResult Train(
        Tensor training,
        IReadOnlyList<int> trainingLabels,
        Tensor test,
        IReadOnlyList<int> testLabels,
        LinearProbeOptions? options = null,
        IProgress<ClassifierEpoch>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= LinearProbeOptions.Tclr;
        OptionChecker.ThrowIfInvalid(options.Check, nameof(options));
        int classes = InputCheck.Probe(training, trainingLabels, test, testLabels);
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        using var classifier = new LinearClassifier((int)training.shape[1], classes, options, training.device);
        int count = trainingLabels.Count, batch = Math.Min(options.BatchSize, count), steps = Steps(count, batch, options);
        Tensor known = training.detach(), asked = test.detach();
        return ClassifierTraining.Run(
            options, classifier.Parameters, steps, epoch => Order(count, options.Seed, epoch).Chunk(batch).Take(steps), Forward, Test, progress, cancellationToken);

        (Tensor Logits, long[] Labels) Forward(int[] rows)
            => (classifier.Logits(known.index_select(0, tensor(rows, ScalarType.Int64).to(known.device))), [.. rows.Select(row => (long)trainingLabels[row])]);

        Predictions Test()
        {
            using var noGrad = no_grad();
            using var inner = NewDisposeScope();
            var predictions = new Predictions();
            long videos = asked.shape[0], clips = asked.dim() == 3 ? asked.shape[1] : 1;
            predictions.Add(classifier.Probabilities(asked.reshape(videos * clips, -1)).view(videos, clips, -1), testLabels);
            return predictions;
        }
    }

    /// <summary>Trains a linear layer on a frozen encoder with clips, and tests.</summary>
    /// <remarks>
    /// Clips and augmentations differ in every epoch. The probabilities of a test video are averaged over its clips.
    /// </remarks>
    /// <param name="encoder">The encoder; it is not changed. The caller keeps owning it.</param>
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
        LinearProbeOptions? options = null,
        int testBatchSize = 4,
        IProgress<ClassifierEpoch>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= LinearProbeOptions.Tclr;
        return VideoClassifier.RunAsync(encoder, videos, options, trainsEncoder: false, options.TrainBatchNorm, testBatchSize, progress, cancellationToken);
    }

    /// <summary>Number of batches in an epoch.</summary>
    internal static int Steps(int samples, int batch, ClassifierOptions options) => options.DropLastBatch ? samples / batch : (samples + batch - 1) / batch;

    private static int[] Order(int count, ulong seed, int epoch)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        var random = CounterRandom.For(seed, (ulong)epoch, OrderStream);
        random.Shuffle(order.AsSpan());
        return order;
    }
}
