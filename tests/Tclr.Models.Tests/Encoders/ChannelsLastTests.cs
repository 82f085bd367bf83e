using System.Runtime.CompilerServices;
using Tclr.Core;
using Tclr.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Models.Tests;

/// <summary>Training with the convolutions' weights stored channels last.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class ChannelsLastTests : ScopedFolderTests
{
    [TestCase("R3D18")]
    [TestCase("R2Plus1D")]
    [TestCase("C3D")]
    [TestCase("S3DG")]
    [TestCase("R2D3D18")]
    public void Features_and_gradients_are_the_same_within_rounding(string encoder)
    {
        using var plain = Builder(encoder).WithChannelsLast(false).ForSteps(1).Build();
        using var changed = Builder(encoder).WithChannelsLast().ForSteps(1).Build();
        var clips = Golden.Hash(1, 2, 3, 16, 32, 32).to(ScalarType.Float32);

        AssertClose(Run(changed), Run(plain), encoder);

        foreach (var ((name, expected), (_, weight)) in plain.Encoder.Network.named_parameters().Zip(changed.Encoder.Network.named_parameters()))
        {
            AssertClose(weight.grad!, expected.grad!, name);
            if (weight.dim() == 5)
            {
                Assert.That(weight.stride(1), Is.EqualTo(1), $"{name}: the distance between channels");
            }
        }

        // Batch statistics of two clips would magnify the rounding. Rounding also changes which units a ReLU cuts off.
        Tensor Run(TclrTrainer trainer)
        {
            trainer.Encoder.Network.eval();
            var features = trainer.Encoder.Encode(clips);
            (features * features).sum().backward();
            return features;
        }

        static void AssertClose(Tensor actual, Tensor expected, string what)
            => Assert.That((actual - expected).norm().ToDouble(), Is.LessThanOrEqualTo(0.02 * expected.norm().ToDouble()), what);
    }

    [Test]
    public async Task A_checkpoint_holds_the_same_tensors_and_resumes()
    {
        byte[] straight = await WeightsAfter(steps: 4, Builder("R3D").CheckpointTo(Folder["straight"]), Folder["straight"]);
        await WeightsAfter(steps: 2, Builder("R3D").CheckpointTo(Folder["cut"]), Folder["cut"]);

        byte[] resumed = await WeightsAfter(steps: 4, Builder("R3D").CheckpointTo(Folder["cut"]).Resume(), Folder["cut"]);

        Assert.That(resumed, Is.EqualTo(straight));

        async Task<byte[]> WeightsAfter(int steps, TclrTrainerBuilder builder, string folder)
        {
            using (var trainer = builder.WithChannelsLast().WithPrecision(TrainingPrecision.Float32).ForSteps(steps).Build())
            {
                await trainer.TrainAsync();
            }

            return await File.ReadAllBytesAsync(Checkpoint.Open(new CheckpointStore(folder).Newest!).EncoderPath);
        }
    }

    private static TclrTrainerBuilder Builder(string encoder) => new TclrTrainerBuilder()
        .UseClips(new Clips()).UseEncoder(() => EncoderCases.Create(encoder)).UseHead(features => ProjectionHeads.Tclr(features, 16, 8))
        .UseLoss(new InstanceContrastiveLoss()).UseOptimizer(new SgdOptions { LearningRate = 1e-5 }).WithBatchSize(2).WithSeed(3).WithThreads(1);

    private sealed class Clips : IClipSource
    {
        public int SampleCount => 100;

        public ViewLayout Layout { get; } = new(2, 0);

        public async IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            for (int step = request.FirstStep; step < SampleCount / 2; step++)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                yield return new ClipBatch(Golden.Hash((uint)step, 2, 2, 3, 16, 32, 32).to(ScalarType.Float32).DetachFromDisposeScope(), Layout, [$"{step}-0", $"{step}-1"]);
            }
        }
    }
}
