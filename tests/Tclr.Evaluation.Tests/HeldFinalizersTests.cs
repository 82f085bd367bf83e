using System.Runtime.CompilerServices;
using Tclr.Core;
using Tclr.Models;
using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

/// <summary>TorchSharp's finalizers can free numbers that an operator reads, so they wait while operators are called.</summary>
public sealed class HeldFinalizersTests
{
    [Test]
    public async Task Finalizers_wait_while_clips_are_encoded()
    {
        using var encoder = new CollectingEncoder();

        using var features = await new FeatureExtractor(encoder).ExtractAsync(new FakeVideoClips(3), batchSize: 2);

        Assert.That(encoder.FinalizedWithin, Has.Count.AtLeast(2).And.All.Zero);
    }

    [Test]
    public async Task Finalizers_wait_in_the_steps_of_a_classifier()
    {
        using var encoder = new CollectingEncoder();

        await FineTuning.TrainAsync(encoder, ColoredVideos.Set(), new FineTuningOptions { BatchSize = 6, Epochs = 1 });

        Assert.That(encoder.FinalizedWithin, Has.Count.AtLeast(3).And.All.Zero, "two steps, and the test");
    }

    /// <summary>Drops objects with finalizers, collects garbage, and counts those that were finalized meanwhile.</summary>
    private sealed class CollectingEncoder : IVideoEncoder
    {
        private readonly VideoEncoder encoder = VideoEncoders.SmallR3D();
        private int finalized;

        public List<int> FinalizedWithin { get; } = [];

        public int FeatureDimension => encoder.FeatureDimension;

        public nn.Module Network => encoder;

        public Tensor Encode(Tensor clips)
        {
            int before = Volatile.Read(ref finalized);
            Drop();
            GC.Collect();

            // Gives a fault time to show.
            Thread.Sleep(50);
            FinalizedWithin.Add(Volatile.Read(ref finalized) - before);
            return encoder.Encode(clips);
        }

        public void Dispose() => encoder.Dispose();

        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Drop() => _ = new Finalizable(() => Interlocked.Increment(ref finalized));
    }

#pragma warning disable MA0055 // The finalizer is what is tested.
    private sealed class Finalizable(Action finalized)
    {
        ~Finalizable() => finalized();
    }
#pragma warning restore MA0055
}
