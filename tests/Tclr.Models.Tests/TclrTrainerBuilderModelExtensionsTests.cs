using Tclr.Core;
using Tclr.Weights;

namespace Tclr.Models.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class TclrTrainerBuilderModelExtensionsTests
{
    private static readonly VideoEncoderOptions Tiny = new() { WidthMultiplier = 1 / 32.0 };

    [TestCase("R3D18", 16)]
    [TestCase("R2Plus1D18", 16)]
    [TestCase("R3D50", 64)]
    [TestCase("R2Plus1D", 16)]
    [TestCase("C3D", 16)]
    [TestCase("S3D", 32)]
    [TestCase("SmallR3D", 2)]
    public void Verbs_choose_the_encoder_and_fit_the_head(string name, int features)
    {
        using var trainer = Builder().UseEncoder(VideoEncoders.All[name], Tiny).UseTclrHead(hidden: 8, embedding: 4).Build();

        Assert.Multiple(() =>
        {
            Assert.That(trainer.Encoder.FeatureDimension, Is.EqualTo(features));
            Assert.That(trainer.Encoder.Network.GetName(), Is.EqualTo(name));
            Assert.That(((ProjectionHead)trainer.Head).FeatureDimension, Is.EqualTo(features));
        });
    }

    [TestCase("TclrHead")]
    [TestCase("SimClrHead")]
    [TestCase("CvrlHead")]
    [TestCase("DualVarClipHead")]
    public void Verbs_choose_the_head(string name)
    {
        var builder = Builder().UseEncoder(VideoEncoders.SmallR3D);
        builder = name switch
        {
            "TclrHead" => builder.UseTclrHead(8, 4),
            "SimClrHead" => builder.UseSimClrHead(8, 4),
            "CvrlHead" => builder.UseCvrlHead(8, 4),
            _ => builder.UseDualVarClipHead(8, 4),
        };
        using var trainer = builder.Build();

        Assert.That(trainer.Head.Network.GetName(), Is.EqualTo(name));
        Assert.That(trainer.Head.EmbeddingDimension, Is.EqualTo(4));
    }

    [Test]
    public void A_new_run_starts_from_a_file_of_weights()
    {
        using var folder = new TemporaryFolder();
        using (var other = VideoEncoders.SmallR3D(Tiny))
        {
            ModelWeights.Save(other, folder["other.safetensors"]);
        }

        using var trainer = Builder().UseEncoder(VideoEncoders.SmallR3D, Tiny).UseTclrHead(8, 4).UseWeights(folder["other.safetensors"]).Build();
        ModelWeights.Save(trainer.Encoder.Network, folder["mine.safetensors"]);

        Assert.That(File.ReadAllBytes(folder["mine.safetensors"]), Is.EqualTo(File.ReadAllBytes(folder["other.safetensors"])));
        Assert.That(() => Builder().UseWeights(folder["none.safetensors"]), Throws.TypeOf<CheckpointException>());
        Assert.That(() => Builder().UseEncoder(VideoEncoders.R3D18, Tiny).UseTclrHead(8, 4).UseWeights(folder["other.safetensors"]).Build(), Throws.InstanceOf<WeightFileException>());
    }

    [Test]
    public void Nothing_is_refused_by_name()
    {
        Assert.That(() => TclrTrainerBuilderModelExtensions.UseEncoder(null!, VideoEncoders.R3D18), Throws.ArgumentNullException);
        Assert.That(() => TclrTrainerBuilderModelExtensions.UseTclrHead(null!), Throws.ArgumentNullException);
        Assert.That(() => Builder().UseEncoder(null!, Tiny), Throws.ArgumentNullException);
    }

    private static TclrTrainerBuilder Builder() => new TclrTrainerBuilder().UseClips(new NoClips()).UseLoss(new NoLoss()).ForSteps(1).WithBatchSize(1);

    private sealed class NoClips : IClipSource
    {
        public int SampleCount => 1;

        public ViewLayout Layout { get; } = new(2, 0);

        public IAsyncEnumerable<ClipBatch> ReadAsync(EpochRequest request, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }

    private sealed class NoLoss : ITemporalContrastiveLoss
    {
        public LossResult Compute(TemporalEmbeddings embeddings) => throw new NotSupportedException();
    }
}
