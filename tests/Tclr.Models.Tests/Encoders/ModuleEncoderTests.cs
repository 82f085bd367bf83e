using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Models.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class ModuleEncoderTests : ScopedTests
{
    [Test]
    public void A_feature_map_is_averaged_over_space()
    {
        using var encoder = VideoEncoders.From(Convolution(5), features: 5);
        var clips = rand([2, 3, 8, 16, 16]);

        var map = encoder.EncodeMap(clips)!;
        var features = encoder.Encode(clips);

        Assert.Multiple(() =>
        {
            Assert.That(encoder.FeatureDimension, Is.EqualTo(5));
            Assert.That(map.shape, Is.EqualTo(new long[] { 2, 5, 4, 4, 4 }));
            Assert.That(features.shape, Is.EqualTo(new long[] { 2, 5, 4 }));
            Assert.That(features.allclose(map.mean([3, 4])), Is.True);
        });
    }

    [Test]
    public void Features_over_time_and_vectors_pass_through()
    {
        using var overTime = VideoEncoders.From(nn.Sequential(Convolution(5), nn.AdaptiveAvgPool3d([4, 1, 1]), nn.Flatten(2)), features: 5);
        using var vector = VideoEncoders.From(nn.Sequential(Convolution(5), nn.AdaptiveAvgPool3d([1, 1, 1]), nn.Flatten(1)), features: 5);
        var clips = rand([2, 3, 8, 16, 16]);

        Assert.That(overTime.Encode(clips).shape, Is.EqualTo(new long[] { 2, 5, 4 }));
        Assert.That(vector.Encode(clips).shape, Is.EqualTo(new long[] { 2, 5, 1 }));
        Assert.That(vector.EncodeMap(clips), Is.Null);
    }

    [Test]
    public void BGR_weights_see_reversed_channels()
    {
        var convolution = Convolution(5);
        using var encoder = VideoEncoders.From(convolution, 5, ChannelOrder.Bgr);
        var clips = rand([2, 3, 8, 16, 16]);

        Assert.That(encoder.EncodeMap(clips)!.allclose(convolution.call(clips.flip(1))), Is.True);
    }

    [Test]
    public void Other_shapes_and_values_are_refused()
    {
        using var encoder = VideoEncoders.From(Convolution(5), features: 7);
        using var unused = Convolution(5);

        Assert.That(() => encoder.Encode(zeros([2, 3, 8, 16, 16])), Throws.InvalidOperationException.With.Message.Contains(
            "expected features [N,C,T',H',W'], [N,C,T'] or [N,C] with N = 2 and C = 7 for clips [2,3,8,16,16], got [2,5,4,4,4]: pass the module without its classifier"));
        Assert.That(() => encoder.Encode(zeros([3, 8, 16, 16])), Throws.ArgumentException.With.Message.Contains("expected clips [N,C,T,H,W], got [3,8,16,16]"));
        Assert.That(() => VideoEncoders.From(unused, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => VideoEncoders.From(null!, 1), Throws.ArgumentNullException);
    }

    [Test]
    public async Task It_trains_is_saved_and_resumes()
    {
        using var folder = new TemporaryFolder();
        TclrTrainerBuilder Builder(int steps) => new TclrTrainerBuilder()
            .UseClips(new FormulaClips(8, new ViewLayout(2, 0), 3, 8, 16, 16)).UseEncoder(() => VideoEncoders.From(nn.Sequential(Convolution(6), nn.ReLU()), features: 6))
            .UseTclrHead(8, 4).UseLoss(new PooledLoss()).UseSchedule(LearningRateSchedules.Constant).WithBatchSize(2).ForSteps(steps).WithThreads(1).WithSeed(3);
        using (var straight = Builder(4).CheckpointTo(folder["straight"]).Build())
        {
            await straight.TrainAsync();
        }

        using (var first = Builder(2).CheckpointTo(folder["resumed"]).Build())
        {
            await first.TrainAsync();
        }

        using (var second = Builder(4).CheckpointTo(folder["resumed"]).Resume().Build())
        {
            Assert.That(second.Step, Is.EqualTo(2));
            await second.TrainAsync();
        }

        Assert.That(File.ReadAllBytes(Newest("resumed")), Is.EqualTo(File.ReadAllBytes(Newest("straight"))));
        string Newest(string run) => Checkpoint.Open(new CheckpointStore(folder[run]).Newest!).EncoderPath;
    }

    private static TorchSharp.Modules.Conv3d Convolution(int channels)
    {
        using var scope = NewDisposeScope();
        return nn.Conv3d(3, channels, (3L, 3L, 3L), stride: (2L, 4L, 4L), padding: (1L, 1L, 1L));
    }

    private sealed class PooledLoss : ITemporalContrastiveLoss
    {
        public LossResult Compute(TemporalEmbeddings embeddings)
        {
            using var scope = NewDisposeScope();
            var value = (embeddings.GlobalPooled.select(0, 0) - embeddings.GlobalPooled.select(0, 1)).pow(2).mean();
            return new LossResult(value.MoveToOuterDisposeScope(), [("distance", value.detach().MoveToOuterDisposeScope())]);
        }
    }
}
