using Tclr.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>An encoder with a linear classifier, trained and tested on clips.</summary>
internal sealed class VideoClassifier : IDisposable
{
    private readonly IVideoEncoder encoder;
    private readonly ClassifiedVideos videos;
    private readonly ClassifierOptions options;
    private readonly bool trainsEncoder;
    private readonly LinearClassifier classifier;

    public VideoClassifier(IVideoEncoder encoder, ClassifiedVideos videos, ClassifierOptions options, bool trainsEncoder)
    {
        foreach (var order in new[] { videos.Training.ChannelOrder, videos.Test.ChannelOrder })
        {
            if (ChannelOrders.FindMistake(order, encoder) is { } mistake)
            {
                throw new ArgumentException(mistake, nameof(videos));
            }
        }

        this.encoder = encoder;
        this.videos = videos;
        this.options = options;
        this.trainsEncoder = trainsEncoder;
        classifier = new LinearClassifier(encoder.FeatureDimension, videos.Classes.Count, options, ClipEncoding.DeviceOf(encoder));
    }

    private IEnumerable<Parameter> Trained => trainsEncoder ? encoder.Network.parameters().Where(weight => weight.requires_grad).Concat(classifier.Parameters) : classifier.Parameters;

    /// <summary>Trains and tests. The modes of the encoder's layers are restored, and so are the buffers of a frozen encoder.</summary>
    public static Task<ClassificationResult> RunAsync(
        IVideoEncoder encoder,
        ClassifiedVideos videos,
        ClassifierOptions options,
        bool trainsEncoder,
        bool trainBatchNorm,
        int testBatchSize,
        IProgress<ClassifierEpoch>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(videos);
        ArgumentOutOfRangeException.ThrowIfLessThan(testBatchSize, 1);
        OptionChecker.ThrowIfInvalid(options.Check, nameof(options));
        return OwnThread.RunAsync(() =>
        {
            using var mode = new EvaluationMode(encoder.Network);
            using var run = new VideoClassifier(encoder, videos, options, trainsEncoder);
            using var buffers = trainsEncoder ? null : new BufferBackup(encoder.Network);
            try
            {
                run.TryEncoder();
                encoder.Network.train(trainBatchNorm);
                return run.Train(Test, progress, cancellationToken);

                Predictions Test()
                {
                    encoder.Network.eval();
                    var predictions = run.Test(testBatchSize, cancellationToken);
                    encoder.Network.train(trainBatchNorm);
                    return predictions;
                }
            }
            finally
            {
                buffers?.Restore();
            }
        });
    }

    /// <summary>Averages the probabilities of the clips of each test video; the encoder is in evaluation mode.</summary>
    public Predictions Test(int batchSize, CancellationToken cancellationToken)
    {
        using var noGrad = no_grad();
        var predictions = new Predictions();
        int[] all = [.. Enumerable.Range(0, videos.Test.Samples.Count)];
        int done = 0;
        foreach (var next in ClipEncoding.Take(videos.Test.ReadAsync(all, batchSize, cancellationToken), cancellationToken))
        {
            using var scope = NewDisposeScope();
            using var clips = next.To(ClipEncoding.DeviceOf(encoder));
            var features = ClipEncoding.Encode(encoder, clips).mean([3]);                   // [B, K, C]
            long[] shape = features.shape;
            var probabilities = classifier.Probabilities(features.flatten(0, 1)).view(shape[0], shape[1], -1);
            predictions.Add(probabilities, [.. Enumerable.Range(done, next.Samples.Count).Select(video => videos.TestLabels[video])]);
            done += next.Samples.Count;
        }

        return predictions;
    }

    public void Dispose() => classifier.Dispose();

    // Throws if the encoder does not accept the clips, before any are read.
    private void TryEncoder()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        classifier.Logits(ClipEncoding.Pool(encoder, zeros([1, 1, .. videos.Test.Shape.Skip(1)]), FeaturePooling.Mean).to(ClipEncoding.DeviceOf(encoder)));
    }

    private ClassificationResult Train(Func<Predictions> test, IProgress<ClassifierEpoch>? progress, CancellationToken cancellationToken)
    {
        int count = videos.Training.SampleCount, batch = Math.Min(options.BatchSize, count);
        return ClassifierTraining.Run(options, Trained, LinearProbe.Steps(count, batch, options), Batches, Forward, test, progress, cancellationToken);

        IEnumerable<ClipBatch> Batches(int epoch)
        {
            var request = new EpochRequest(options.Seed, epoch, batch) { KeepLast = !options.DropLastBatch };
            return ClipEncoding.Take(videos.Training.ReadAsync(request, cancellationToken), cancellationToken);
        }
    }

    private (Tensor Logits, long[] Labels) Forward(ClipBatch batch)
    {
        using var gradients = enable_grad(trainsEncoder);
        using var clips = batch.To(ClipEncoding.DeviceOf(encoder));
        var features = ClipEncoding.Encode(encoder, clips).mean([3]);                 // [B, V, C]
        int views = (int)features.shape[1];
        long[] labels = [.. batch.Samples.SelectMany(sample => Enumerable.Repeat((long)videos.TrainingLabel(sample), views))];
        using var always = enable_grad();
        return (classifier.Logits(features.flatten(0, 1)), labels);
    }
}
