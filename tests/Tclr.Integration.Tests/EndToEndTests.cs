using Tclr.Core;
using Tclr.Data;
using Tclr.Evaluation;
using Tclr.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Integration.Tests;

/// <summary>Video files to retrieval, the whole way.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class EndToEndTests : FolderTests
{
    private static readonly string[] TermNames = ["ic2", "ic1", "local_local", "global_local"];

    [Test]
    public async Task Training_on_videos_lowers_the_loss_and_gives_features_that_find_each_other()
    {
        var index = await VideoIndex.ScanAsync(VideoDatasets.Folder(MovingSquares.Write(Folder["videos"], videos: 12)));
        var steps = new List<TrainingProgress>();
        using var trainer = Builder(index, batch: 6).ForSteps(12).CheckpointTo(Folder["checkpoints"])
            .ReportTo(new Callback<TrainingProgress>(steps.Add)).Build();

        var result = await trainer.TrainAsync();
        using var features = await FeaturesAsync(trainer.Encoder, index);
        using var middles = await FeaturesAsync(trainer.Encoder, index, clips: 1);
        int[] videos = [.. Enumerable.Range(0, index.Items.Count)];
        var found = Retrieval.Evaluate(middles.Values, videos, features.Values, videos, [1]);

        Assert.Multiple(() =>
        {
            Assert.That(result.Completed, Is.True);
            Assert.That(steps.Select(s => s.Loss), Has.All.Matches<double>(double.IsFinite));
            Assert.That(steps[0].Terms.Keys, Is.EquivalentTo(TermNames));
            Assert.That(steps.TakeLast(3).Average(s => s.Loss), Is.LessThan(steps.Take(3).Average(s => s.Loss)));
            Assert.That(features.Values.shape, Is.EqualTo(new long[] { 12, 64 }));
            Assert.That(found.RecallAt(1), Is.GreaterThan(0.6), "a video is found by other frames of it; 0.08 by chance");
            Assert.That(result.Checkpoint, Does.Exist);
        });
    }

    [Test]
    public async Task A_run_cut_in_the_middle_of_an_epoch_ends_with_the_same_bits()
    {
        var index = await VideoIndex.ScanAsync(VideoDatasets.Folder(MovingSquares.Write(Folder["videos"], videos: 10)));
        byte[] straight, resumed;
        using (var trainer = Builder(index, batch: 3).ForSteps(5).Build())
        {
            await trainer.TrainAsync();
            straight = Weights(trainer);
        }

        using var stop = new CancellationTokenSource();
        using (var cut = Builder(index, batch: 3, workers: 2).ForSteps(5).CheckpointTo(Folder["c"]).ReportTo(new Callback<TrainingProgress>(p => CancelAt(p, 2, stop))).Build())
        {
            Assert.That((await cut.TrainAsync(stop.Token)).Step, Is.EqualTo(2));
        }

        using (var rest = Builder(index, batch: 3).ForSteps(5).CheckpointTo(Folder["c"]).Resume().Build())
        {
            await rest.TrainAsync();
            resumed = Weights(rest);
        }

        Assert.That(resumed, Is.EqualTo(straight));
    }

    // 8-bit operations give the same bytes on both paths, so the weights are the same too.
    [Test]
    public async Task Augmenting_on_the_device_that_trains_gives_the_same_weights()
    {
        var index = await VideoIndex.ScanAsync(VideoDatasets.Folder(MovingSquares.Write(Folder["videos"], videos: 6)));
        byte[][] weights = [await TrainedAsync(onDevice: false), await TrainedAsync(onDevice: true)];
        Assert.That(weights[1], Is.EqualTo(weights[0]));

        async Task<byte[]> TrainedAsync(bool onDevice)
        {
            using var trainer = Builder(index, batch: 3)
                .FromVideos(index, ClipSamplers.Tclr(8, 4), Augmentations.TclrPaper(32), options: new ClipLoaderOptions { Workers = 2, AugmentOnDevice = onDevice })
                .ForSteps(3).Build();
            await trainer.TrainAsync();
            return Weights(trainer);
        }
    }

    [Test]
    public async Task Real_videos_of_all_sizes_and_codecs_train()
    {
        string shared = Path.GetDirectoryName(SharedVideos.Require()[0].Path)!;
        var sampler = ClipSamplers.Tclr(8, 4);
        var index = await VideoIndex.ScanAsync(VideoDatasets.Folder(shared), new VideoIndexOptions { MinimumFrames = sampler.MinimumFrames });
        using var trainer = Builder(index, batch: 4, shortSide: 40).ForSteps(3).Build();

        var result = await trainer.TrainAsync();
        using var features = await FeaturesAsync(trainer.Encoder, index);

        Assert.That(result.Epochs.Select(e => e.Loss), Has.All.Matches<double>(double.IsFinite));
        Assert.That(features.Samples, Has.Count.EqualTo(index.Items.Count).And.Count.GreaterThan(20));
        Assert.That(features.Values.isfinite().DetachFromDisposeScope(), Is.Not.Null.And.Matches<Tensor>(AllTrue));
    }

    private static bool AllTrue(Tensor flags)
    {
        using (flags)
        using (var all = flags.all())
        {
            return all.ToBoolean();
        }
    }

    private static TclrTrainerBuilder Builder(VideoIndex index, int batch, int workers = 1, int? shortSide = null) => new TclrTrainerBuilder()
        .FromVideos(
            index, ClipSamplers.Tclr(8, 4), Augmentations.Demo(32),
            new OpenCvVideoReader(new VideoReaderOptions { ShortSide = shortSide }), new ClipLoaderOptions { Workers = workers })
        .UseEncoder(VideoEncoders.SmallR3D)
        .UseTclrHead(hidden: 64, embedding: 32)
        .AddTclrLoss()
        .UseOptimizer(new AdamOptions { LearningRate = 2e-3 })
        .WithBatchSize(batch)
        .WithThreads(2)
        .WithSeed(3);

    private static async Task<VideoFeatures> FeaturesAsync(IVideoEncoder encoder, VideoIndex index, int clips = 2)
    {
        var videos = new VideoClips(index, new OpenCvVideoReader(), ClipSamplers.Uniform(clips, 8), Augmentations.Evaluation(32));
        return await new FeatureExtractor(encoder).ExtractAsync(videos, batchSize: 8);
    }

    private static byte[] Weights(TclrTrainer trainer)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        trainer.Encoder.Network.save(writer);
        trainer.Head.Network.save(writer);
        return bytes.ToArray();
    }

    private static void CancelAt(TrainingProgress progress, long step, CancellationTokenSource stop)
    {
        if (progress.Step == step)
        {
            stop.Cancel();
        }
    }
}
