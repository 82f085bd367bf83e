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

    /// <summary>Sees that the encoder takes the clips of both kinds; nothing is read.</summary>
    public void Try()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        encoder.Network.eval();
        classifier.Logits(ClipEncoding.Pool(encoder, zeros([1, 1, .. videos.Test.Shape.Skip(1)]), FeaturePooling.Mean).to(ClipEncoding.DeviceOf(encoder)));
    }

    /// <summary>Trains to the end of the schedule; the encoder is in the mode that the caller gave it.</summary>
    public IReadOnlyList<ClassifierEpoch> Train(IProgress<ClassifierEpoch>? progress, CancellationToken cancellationToken)
    {
        int count = videos.Training.SampleCount, batch = Math.Min(options.BatchSize, count);
        return ClassifierTraining.Run(options, Trained, count / batch, epoch => Batches(epoch, batch, cancellationToken), Forward, progress, cancellationToken);
    }

    /// <summary>Mean of the clips' probabilities of each test video; the encoder is in evaluation mode.</summary>
    public Predictions Test(int batchSize, CancellationToken cancellationToken)
    {
        using var noGrad = no_grad();
        var predictions = new Predictions();
        int[] all = [.. Enumerable.Range(0, videos.Test.Samples.Count)];
        using var reader = new BatchReader(videos.Test.ReadAsync(all, batchSize, cancellationToken), cancellationToken);
        int done = 0;
        while (reader.Next() is { } next)
        {
            using var batch = next;
            using var scope = NewDisposeScope();
            var features = ClipEncoding.Encode(encoder, batch.To(ClipEncoding.DeviceOf(encoder))).mean([3]);             // [B, K, C]
            long[] shape = features.shape;
            var probabilities = classifier.Probabilities(features.flatten(0, 1)).view(shape[0], shape[1], -1);
            predictions.Add(probabilities, [.. Enumerable.Range(done, batch.Samples.Count).Select(video => videos.TestLabels[video])]);
            done += batch.Samples.Count;
        }

        return predictions;
    }

    public void Dispose() => classifier.Dispose();

    private IEnumerable<ClipBatch> Batches(int epoch, int size, CancellationToken cancellationToken)
    {
        using var reader = new BatchReader(videos.Training.ReadAsync(new EpochRequest(options.Seed, epoch, size), cancellationToken), cancellationToken);
        while (reader.Next() is { } next)
        {
            using var batch = next;
            yield return batch;
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
