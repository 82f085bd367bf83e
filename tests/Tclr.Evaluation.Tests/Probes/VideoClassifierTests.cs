using Tclr.Core;
using Tclr.Models;
using Tclr.Weights;
using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

/// <summary>Linear probe and fine-tuning with an encoder.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class VideoClassifierTests
{
    private static readonly LinearProbeOptions Probe = new() { BatchSize = 6, Epochs = 12 };
    private static readonly FineTuningOptions Tuning = new() { BatchSize = 6, Epochs = 10, Optimizer = new AdamOptions { LearningRate = 3e-3, WeightDecay = 0 } };

    private VideoEncoder encoder = null!;

    [SetUp]
    public void Create()
    {
        manual_seed(5);
        encoder = VideoEncoders.SmallR3D();
    }

    [TearDown]
    public void Delete() => encoder.Dispose();

    [Test]
    public async Task A_probe_learns_colors_and_leaves_the_encoder_as_it_was([Values] bool trainBatchNorm, [Values(1, 2)] int views)
    {
        byte[] before = State();
        var heard = new List<ClassifierEpoch>();
        var options = Probe with { TrainBatchNorm = trainBatchNorm, Optimizer = new AdamOptions { LearningRate = 0.1, WeightDecay = 0 }, BatchSize = 12, Epochs = 50 };

        var result = await LinearProbe.TrainAsync(encoder, ColoredVideos.Set(trainingViews: views), options, progress: new Callback<ClassifierEpoch>(heard.Add));

        Assert.Multiple(() =>
        {
            Assert.That(result.Accuracy, Is.EqualTo(1));
            Assert.That(result.Labels, Is.EqualTo(new[] { 2, 1, 0, 2, 1, 0 }), "classes in order of the alphabet: blue, green, red");
            Assert.That(result.Predictions, Is.EqualTo(result.Labels));
            Assert.That(heard, Is.EqualTo(result.Epochs));
            Assert.That(result.Epochs[^1].Loss, Is.LessThan(result.Epochs[0].Loss));
            Assert.That(State(), Is.EqualTo(before));
            Assert.That(encoder.training, "the mode is given back");
            Assert.That(encoder.parameters().All(weight => weight.grad is null));
        });
    }

    [Test]
    public async Task Statistics_updated_in_training_mode_are_those_that_the_test_uses()
    {
        // Running statistics far off: with them nothing is seen of the colors, and updates come near the truth.
        using (no_grad())
        {
            encoder.state_dict()["stem.1.running_var"].fill_(1e12);
        }

        var frozen = await LinearProbe.TrainAsync(encoder, ColoredVideos.Set(), Probe with { Epochs = 1 });
        var updated = await LinearProbe.TrainAsync(encoder, ColoredVideos.Set(), Probe with { Epochs = 1, TrainBatchNorm = true });

        Assert.That(updated.Epochs[0].Loss, Is.Not.EqualTo(frozen.Epochs[0].Loss).Within(1e-6));
        Assert.That(encoder.state_dict()["stem.1.running_var"].data<float>().ToArray(), Is.All.EqualTo(1e12f));
    }

    [Test]
    public async Task Tests_during_training_change_nothing_of_it([Values] bool trainBatchNorm)
    {
        var options = Probe with { TrainBatchNorm = trainBatchNorm, Epochs = 4 };

        var plain = await LinearProbe.TrainAsync(encoder, ColoredVideos.Set(), options);
        var tested = await LinearProbe.TrainAsync(encoder, ColoredVideos.Set(), options with { TestEpochs = [0, 2] });

        Assert.That(tested.Epochs.Select(epoch => epoch.Loss), Is.EqualTo(plain.Epochs.Select(epoch => epoch.Loss)));
        Assert.That(tested.Epochs.Select(epoch => epoch.TestAccuracy is not null), Is.EqualTo(new[] { true, false, true, true }));
        Assert.That(tested.Predictions, Is.EqualTo(plain.Predictions));
    }

    [TestCase(false, 4, TestName = "The_last_batch_of_clips_is_kept")]
    [TestCase(true, 3, TestName = "The_last_batch_of_clips_is_dropped")]
    public async Task The_last_batch_of_clips(bool drop, int batches)
    {
        var (known, asked) = (new ColoredVideos("train", 11), new ColoredVideos("test", 3));

        await LinearProbe.TrainAsync(encoder, new ClassifiedVideos(known, known.LabelsByName, asked, asked.Labels), Probe with { BatchSize = 3, Epochs = 1, DropLastBatch = drop });

        Assert.That(known.Batches, Is.EqualTo(batches));
    }

    [Test]
    public async Task A_probe_on_one_clip_is_the_probe_on_its_features()
    {
        // The same clip of each video in every epoch: then features that are ready must give the same course.
        var (known, asked) = (new SameClips("train", 12), new ColoredVideos("test", 6));
        var options = Probe with { BatchSize = 12, Epochs = 5, Optimizer = new SgdOptions { LearningRate = 1e-2, WeightDecay = 0 } };
        var expected = await LinearProbe.TrainAsync(encoder, new ClassifiedVideos(known, known.Inner.LabelsByName, asked, asked.Labels), options);

        var extractor = new FeatureExtractor(encoder);
        using var training = await extractor.ExtractAsync(known.Inner, batchSize: 12);
        using var test = await extractor.ExtractAsync(asked, batchSize: 6);
        int[] numbers = [2, 1, 0];
        var result = LinearProbe.Train(training.Values, [.. Enumerable.Range(0, 12).Select(i => numbers[i % 3])], test.Values, [.. Enumerable.Range(0, 6).Select(i => numbers[i % 3])], options);

        Assert.That(result.Epochs.Select(epoch => epoch.Loss), Is.EqualTo(expected.Epochs.Select(epoch => epoch.Loss)).Within(1e-5));
        Assert.That(result.Predictions, Is.EqualTo(expected.Predictions));
    }

    [Test]
    public async Task Fine_tuning_learns_colors_and_changes_the_encoder()
    {
        byte[] before = State();
        encoder.eval();

        var result = await FineTuning.TrainAsync(encoder, ColoredVideos.Set(), Tuning);

        Assert.Multiple(() =>
        {
            Assert.That(result.Accuracy, Is.EqualTo(1));
            Assert.That(result.Epochs[^1].Loss, Is.LessThan(0.5 * result.Epochs[0].Loss));
            Assert.That(State(), Is.Not.EqualTo(before));
            Assert.That(encoder.training, Is.False, "the mode is given back");
        });
    }

    [Test]
    public async Task Fine_tuning_repeats_bit_for_bit_and_leaves_frozen_weights_alone()
    {
        byte[] before = State();
        encoder.parameters().First().requires_grad = false;
        float[] frozen = encoder.parameters().First().data<float>().ToArray();
        var first = await FineTuning.TrainAsync(encoder, ColoredVideos.Set(), Tuning with { Epochs = 2 });
        Assert.That(encoder.parameters().First().data<float>().ToArray(), Is.EqualTo(frozen));

        using (var reader = new BinaryReader(new MemoryStream(before)))
        {
            encoder.load(reader);
        }

        var second = await FineTuning.TrainAsync(encoder, ColoredVideos.Set(), Tuning with { Epochs = 2 });

        Assert.That(second.Epochs, Is.EqualTo(first.Epochs));
    }

    [Test]
    public async Task Probabilities_are_means_over_a_videos_clips()
    {
        // Clips of one video that disagree: its prediction is that of the mean of the softmaxes, in a plain loop.
        var known = new ColoredVideos("train", 12);
        var asked = new ColoredVideos("test", 3, views: 3);
        var videos = new ClassifiedVideos(known, known.LabelsByName, asked, asked.Labels);
        using var classifier = new VideoClassifier(encoder, videos, Probe, trainsEncoder: false);
        encoder.eval();

        var predictions = classifier.Test(batchSize: 2, CancellationToken.None).Result([]);

        using var layer = new LinearClassifier(encoder.FeatureDimension, 3, Probe, CPU);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        for (int video = 0; video < 3; video++)
        {
            double[] sums = new double[3];
            for (int clip = 0; clip < 3; clip++)
            {
                float[] logits = layer.Logits(encoder.Encode(asked.Clips(video, 77).select(1, clip)).mean([2])).data<float>().ToArray();
                double total = logits.Sum(logit => Math.Exp(logit));
                for (int c = 0; c < 3; c++)
                {
                    sums[c] += Math.Exp(logits[c]) / total;
                }
            }

            Assert.That(predictions.Predictions[video], Is.EqualTo(Array.IndexOf(sums, sums.Max())), $"video {video}");
        }
    }

    [Test]
    public void Canceling_stops_and_gives_the_encoder_back()
    {
        byte[] before = State();
        using var source = new CancellationTokenSource();

        Assert.That(
            async () => await LinearProbe.TrainAsync(encoder, ColoredVideos.Set(), Probe with { TrainBatchNorm = true }, progress: new Callback<ClassifierEpoch>(_ => source.Cancel()), cancellationToken: source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(State(), Is.EqualTo(before));
        Assert.That(encoder.training);
    }

    [Test]
    public void Wrong_input_is_named_before_anything_is_read()
    {
        var known = new ColoredVideos("train", 6);
        var (asked, otherClips) = (new ColoredVideos("test", 3), new ColoredVideos("test", 3) { Shape = [1, 4, 4, 16, 16] });
        Assert.Multiple(() =>
        {
            Assert.That(async () => await FineTuning.TrainAsync(encoder, new ClassifiedVideos(known, known.LabelsByName, otherClips, asked.Labels)), Throws.ArgumentException.With.Message.Contains("3"));
            using var reversing = VideoEncoders.SmallR3D(new() { ChannelOrder = ChannelOrder.Bgr });
            var bgr = new ColoredVideos("train", 4) { ChannelOrder = ChannelOrder.Bgr };
            Assert.That(async () => await LinearProbe.TrainAsync(reversing, new ClassifiedVideos(bgr, bgr.LabelsByName, asked, asked.Labels)), Throws.ArgumentException.With.Message.Contains("reverses its clips too"));
            Assert.That(async () => await FineTuning.TrainAsync(encoder, ColoredVideos.Set(), new FineTuningOptions { Epochs = 0 }), Throws.InstanceOf<ArgumentException>().With.Message.Contains("Epochs: expected 1 or more, got 0"));
            Assert.That(async () => await LinearProbe.TrainAsync(encoder, ColoredVideos.Set(), testBatchSize: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Refuses(["red", "green", "yellow"], "1 classes of the test set have no training videos ('yellow'); 1 classes of the training set have no test videos ('blue'). Check the spelling");
            Refuses(["red", "green", "green"], "expected the same classes in training and test: 1 classes of the training set have no test videos ('blue')");
            Assert.That(() => ClassifiedVideos.ClassesOf(["a"], []), Throws.ArgumentException.With.Message.Contains("no test videos ('a')"));
            Assert.That(() => ClassifiedVideos.ClassesOf([], []), Throws.ArgumentException.With.Message.Contains("expected two classes or more, got none"));
            Assert.That(ClassifiedVideos.ClassesOf(["b", "a", "b"], ["a", "b"]), Is.EqualTo(new[] { "a", "b" }));
            Refuses(["red", "green"], "got 6 labels for 6 training videos and 2 for 3 test videos");
        });
        Assert.That(known.Batches + asked.Batches, Is.Zero);
        Assert.That(() => new ClassifiedVideos(known, known.Samples.ToDictionary(name => name, _ => "red", StringComparer.Ordinal), asked, ["red", "red", "red"]), Throws.ArgumentException.With.Message.Contains("expected two classes or more, got 'red'"));

        void Refuses(string[] labels, string message)
            => Assert.That(() => new ClassifiedVideos(known, known.LabelsByName, asked, labels), Throws.ArgumentException.With.Message.Contains(message));
    }

    [Test]
    public void A_training_video_without_a_label_is_named()
    {
        var known = new ColoredVideos("train", 6);
        var asked = new ColoredVideos("test", 3);
        var labels = known.LabelsByName.ToDictionary(entry => entry.Key.Replace("train3", "other", StringComparison.Ordinal), entry => entry.Value, StringComparer.Ordinal);

        Assert.That(
            async () => await LinearProbe.TrainAsync(encoder, new ClassifiedVideos(known, labels, asked, asked.Labels), Probe),
            Throws.ArgumentException.With.Message.Contains("got none for 'train3'"));
    }

    [Test]
    public void A_checkpoint_of_another_architecture_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var wide = VideoEncoders.SmallR3D(new() { WidthMultiplier = 2 });
        ModelWeights.Save(wide, folder["wide.safetensors"]);
        byte[] before = State();

        Assert.That(() => ModelWeights.Load(encoder, folder["wide.safetensors"]), Throws.InstanceOf<WeightFileException>().With.Message.Contains("the weights do not fit"));
        Assert.That(State(), Is.EqualTo(before));
    }

    private byte[] State()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        encoder.save(writer);
        return stream.ToArray();
    }

    /// <summary>The clips of epoch 0 in every epoch, in the order of the videos.</summary>
    private sealed class SameClips(string name, int videos) : IClipSource
    {
        public ColoredVideos Inner { get; } = new(name, videos);

        public int SampleCount => Inner.SampleCount;

        public ViewLayout Layout => Inner.Layout;

        public IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, CancellationToken cancellationToken = default)
            => Inner.ReadAsync([.. Enumerable.Range(0, SampleCount)], request.BatchSize, cancellationToken);
    }
}
