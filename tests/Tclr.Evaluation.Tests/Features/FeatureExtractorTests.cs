using System.Runtime.CompilerServices;
using Tclr.Core;
using Tclr.Models;
using Tclr.Testing;
using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class FeatureExtractorTests
{
    private static readonly ViewLayout ThreeClips = new(versions: 3, timesteps: 0);

    [Test]
    public async Task A_feature_is_the_mean_over_clips_and_time()
    {
        using var encoder = VideoEncoders.SmallR3D();
        using var features = await new FeatureExtractor(encoder).ExtractAsync(Batches([2, 1]));

        encoder.eval();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Assert.Multiple(() =>
        {
            Assert.That(features.Values.shape, Is.EqualTo(new long[] { 3, 64 }));
            Assert.That(features.Samples, Is.EqualTo(new[] { "0/0", "0/1", "1/0" }));
            Assert.That(features.Values.requires_grad, Is.False);
        });
        int row = 0;
        foreach (var (seed, videos) in new[] { (0, 2), (1, 1) })
        {
            for (int video = 0; video < videos; video++)
            {
                // Clip by clip, as a loop.
                var clips = Clips(seed, videos).select(0, video);
                var mean = zeros([64]);
                for (int clip = 0; clip < 3; clip++)
                {
                    mean.add_(encoder.Encode(clips.narrow(0, clip, 1)).mean([0, 2]));
                }

                float[] expected = (mean / 3).data<float>().ToArray();
                Assert.That(features.Values.select(0, row++).data<float>().ToArray(), Is.EqualTo(expected).Within(1e-5f));
            }
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

        using var features = await new FeatureExtractor(encoder).ExtractAsync(Batches([2]));

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
            // The first batch is encoded here and now, the second after the scope has closed.
            extraction = new FeatureExtractor(encoder).ExtractAsync(OneNowOneLater(gate.Task));
        }

        gate.SetResult();
        using var features = await extraction;

        Assert.That(features.Values.shape, Is.EqualTo(new long[] { 2, 64 }));
    }

    [Test]
    public async Task Batches_are_released_and_gradients_come_back()
    {
        using var encoder = VideoEncoders.SmallR3D();
        var batches = new List<ClipBatch>();

        using var features = await new FeatureExtractor(encoder).ExtractAsync(Batches([1, 1, 1], batches));

        using var probe = ones([1], requires_grad: true);
        using var doubled = probe * 2;
        Assert.That(doubled.requires_grad, Is.True);
        Assert.That(batches.Select(batch => batch.Clips.IsInvalid), Is.All.True);
    }

    [Test]
    public async Task Progress_counts_videos()
    {
        using var encoder = VideoEncoders.SmallR3D();
        var progress = new Recorder();

        using var features = await new FeatureExtractor(encoder).ExtractAsync(Batches([2, 1]), progress);

        Assert.That(progress.Reports, Is.EqualTo(new[] { 2, 3 }));
    }

    [Test]
    public void Cancelling_stops_and_gives_the_mode_back()
    {
        using var encoder = VideoEncoders.SmallR3D();
        using var source = new CancellationTokenSource();
        var progress = new Recorder(_ => source.Cancel());

        Assert.That(
            async () => await new FeatureExtractor(encoder).ExtractAsync(Batches([1, 1]), progress, source.Token),
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
            Assert.That(async () => await extractor.ExtractAsync(Batches([])), Throws.ArgumentException.With.Message.Contains("expected one batch or more, got none"));
            Assert.That(async () => await extractor.ExtractAsync(Flat()), Throws.ArgumentException.With.Message.Contains("expected clips [3, 2, C, T, H, W], view by view, for 3 views of 2 samples; got [2, 3, 4, 8, 8]"));
            Assert.That(async () => await extractor.ExtractAsync(null!), Throws.ArgumentNullException);
            Assert.That(() => new FeatureExtractor(null!), Throws.ArgumentNullException);
        });
        Assert.That(encoder.training, Is.True);
    }

    private static Tensor Clips(int seed, int videos) => Golden.Hash((uint)seed, videos, 3, 3, 8, 16, 16).to(ScalarType.Float32, disposeAfter: true);

    private static Tensor ViewMajor(Tensor clips)
    {
        using (clips)
        {
            return clips.transpose(0, 1);
        }
    }

    private static async IAsyncEnumerable<ClipBatch> Batches(
        int[] sizes, List<ClipBatch>? made = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int i = 0; i < sizes.Length; i++)
        {
            await Task.Delay(1, cancellationToken);
            var batch = new ClipBatch(ViewMajor(Clips(i, sizes[i])), ThreeClips, [.. Enumerable.Range(0, sizes[i]).Select(video => FormattableString.Invariant($"{i}/{video}"))]);
            made?.Add(batch);
            yield return batch;
        }
    }

    private static async IAsyncEnumerable<ClipBatch> OneNowOneLater(Task gate)
    {
        yield return new ClipBatch(ViewMajor(Clips(0, 1)), ThreeClips, ["now"]);
        await gate;
        yield return new ClipBatch(ViewMajor(Clips(1, 1)), ThreeClips, ["later"]);
    }

    private static async IAsyncEnumerable<ClipBatch> Flat()
    {
        await Task.Yield();
        yield return new ClipBatch(zeros([2, 3, 4, 8, 8]), ThreeClips, ["a", "b"]);
    }

    private sealed class Recorder(Action<int>? then = null) : IProgress<int>
    {
        public List<int> Reports { get; } = [];

        public void Report(int value)
        {
            Reports.Add(value);
            then?.Invoke(value);
        }
    }
}
