using Tclr.Models;
using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class FeatureExtractorTests
{
    [Test]
    public async Task A_feature_is_the_mean_over_clips_and_time()
    {
        using var encoder = VideoEncoders.SmallR3D();
        var clips = new FakeVideoClips(3);
        using var features = await new FeatureExtractor(encoder).ExtractAsync(clips, batchSize: 2);

        encoder.eval();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Assert.Multiple(() =>
        {
            Assert.That(features.Values.shape, Is.EqualTo(new long[] { 3, 64 }));
            Assert.That(features.Samples, Is.EqualTo(new[] { "v0", "v1", "v2" }));
            Assert.That(features.Values.requires_grad, Is.False);
        });
        for (int video = 0; video < 3; video++)
        {
            // Clip by clip, as a loop.
            var mean = zeros([64]);
            for (int clip = 0; clip < 3; clip++)
            {
                mean.add_(encoder.Encode(clips.Clips(video).select(1, clip)).mean([0, 2]));
            }

            float[] expected = (mean / 3).data<float>().ToArray();
            Assert.That(features.Values.select(0, video).data<float>().ToArray(), Is.EqualTo(expected).Within(1e-5f));
        }
    }

    [Test]
    public async Task The_mode_of_each_layer_is_given_back([Values] bool training)
    {
        using var encoder = VideoEncoders.SmallR3D();
        encoder.train(training);
        var frozen = encoder.modules().Last();
        frozen.train(!training);
        var before = encoder.modules().Select(module => module.training).ToList();
        double running = encoder.state_dict()["stem.1.running_mean"].data<float>().ToArray().Sum();

        using var features = await new FeatureExtractor(encoder).ExtractAsync(new FakeVideoClips(2));

        Assert.Multiple(() =>
        {
            Assert.That(encoder.training, Is.EqualTo(training));
            Assert.That(encoder.modules().Select(module => module.training), Is.EqualTo(before));
            Assert.That(encoder.state_dict()["stem.1.running_mean"].data<float>().ToArray().Sum(), Is.EqualTo(running), "evaluation leaves statistics alone");
        });
    }

    [Test]
    public async Task Features_outlive_the_callers_scope()
    {
        using var encoder = VideoEncoders.SmallR3D();
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<VideoFeatures> extraction;
        using (NewDisposeScope())
        {
            // The batches come after the scope has closed.
            extraction = new FeatureExtractor(encoder).ExtractAsync(new FakeVideoClips(2) { Gate = gate.Task }, batchSize: 1);
        }

        gate.SetResult();
        using var features = await extraction;

        Assert.That(features.Values.shape, Is.EqualTo(new long[] { 2, 64 }));
    }

    [Test]
    public async Task Batches_are_released_and_gradients_come_back()
    {
        using var encoder = VideoEncoders.SmallR3D();
        var clips = new FakeVideoClips(3);

        using var features = await new FeatureExtractor(encoder).ExtractAsync(clips, batchSize: 1);

        using var probe = ones([1], requires_grad: true);
        using var doubled = probe * 2;
        Assert.That(doubled.requires_grad, Is.True);
        Assert.That(clips.Made.Select(batch => batch.Clips.IsInvalid), Is.EqualTo(new[] { true, true, true }));
    }

    [Test]
    public async Task Progress_counts_videos()
    {
        using var encoder = VideoEncoders.SmallR3D();
        var progress = new Callback<int>();

        using var features = await new FeatureExtractor(encoder).ExtractAsync(new FakeVideoClips(3), 2, progress);

        Assert.That(progress.Reports, Is.EqualTo(new[] { 2, 3 }));
    }

    [Test]
    public void Canceling_stops_and_gives_the_mode_back()
    {
        using var encoder = VideoEncoders.SmallR3D();
        using var source = new CancellationTokenSource();
        var progress = new Callback<int>(_ => source.Cancel());

        Assert.That(
            async () => await new FeatureExtractor(encoder).ExtractAsync(new FakeVideoClips(2), 1, progress, source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(progress.Reports, Is.EqualTo(new[] { 1 }));
        Assert.That(encoder.training, Is.True);
    }

    [Test]
    public void Wrong_batches_are_named()
    {
        using var encoder = VideoEncoders.SmallR3D();
        var extractor = new FeatureExtractor(encoder);

        Assert.Multiple(() =>
        {
            Assert.That(async () => await extractor.ExtractAsync(new FakeVideoClips(0)), Throws.ArgumentException.With.Message.Contains("expected one video or more, got none"));
            Assert.That(async () => await extractor.ExtractAsync(new FakeVideoClips(2) { Flat = true }), Throws.ArgumentException.With.Message.Contains("expected clips [3, 2, C, T, H, W], view by view, for 3 views of 2 samples; got [6, 3, 8, 16, 16]"));
            Assert.That(async () => await extractor.ExtractAsync(null!), Throws.ArgumentNullException);
            Assert.That(() => new FeatureExtractor(null!), Throws.ArgumentNullException);
        });
        Assert.That(encoder.training, Is.True);
    }
}
