using Tclr.Testing;
using static TorchSharp.torch;

namespace Tclr.Core.Tests;

[NoTensorLeaks]
public sealed class ClipBatchTests
{
    private static readonly ViewLayout Layout = new(2, 1);

    [TestCase(2, 4, 3, 4, 2, 2)]
    [TestCase(4, 3, 3, 4, 2, 2)]
    [TestCase(4, 2, 3, 4, 2)]
    public void Other_shapes_are_refused_and_released(params int[] shape)
    {
        long[] sizes = [.. shape.Select(size => (long)size)];
        var clips = zeros(sizes);

        Assert.That(() => new ClipBatch(clips, Layout, ["a", "b"]), Throws.ArgumentException.With.Message.Contains("expected clips [4, 2, C, T, H, W], view by view").And.Message.Contains($"got [{string.Join(", ", sizes)}]"));
        Assert.That(clips.IsInvalid, Is.True);
    }

    [Test]
    public void Clips_are_made_where_they_are_asked_for_and_frames_go_with_the_batch()
    {
        int made = 0;
        var frames = ones([1]);
        var batch = new ClipBatch(_ => Make(), frames, Layout, ["a", "b"]);

        using (var moved = batch.To(CPU))
        {
            Assert.That(moved.shape, Is.EqualTo(new long[] { 4, 2, 3, 4, 2, 2 }));
        }

        using (NewDisposeScope())
        {
            Assert.That(batch.Clips.shape[0], Is.EqualTo(4));
        }

        Assert.That(batch.Clips.IsInvalid, Is.False, "the batch owns its clips, whichever scope was open");
        Assert.That(made, Is.EqualTo(2), "once for the caller, once for the batch");
        batch.Dispose();
        Assert.That(frames.IsInvalid, Is.True);

        Tensor Make()
        {
            made++;
            return zeros([4, 2, 3, 4, 2, 2]);
        }
    }

    [Test]
    public void A_pass_of_whole_views_is_no_copy()
    {
        using var encoder = new Recording();
        using var head = new FakeHead(4);
        using var clips = rand([4, 2, 3, 4, 2, 2]);
        var pass = new EmbeddingPass(FirstView: 2, ViewCount: 2, FirstVideo: 0, VideoCount: 2);

        var embeddings = EmbeddingPasses.Run(encoder, head, clips, new ViewLayout(4, 0), BatchStatistics.AllViews, pass);
        clips.fill_(7);

        embeddings.Whole.Dispose();
        Assert.That(encoder.Rows!.data<float>().ToArray(), Is.All.EqualTo(7));
        encoder.Rows.Dispose();
    }

    private sealed class Recording : IVideoEncoder
    {
        private readonly FakeEncoder inner = new();

        public Tensor? Rows { get; private set; }

        public int FeatureDimension => inner.FeatureDimension;

        public nn.Module Network => inner;

        public Tensor Encode(Tensor clips)
        {
            Rows = clips.alias().DetachFromDisposeScope();
            return inner.Encode(clips);
        }

        public void Dispose() => inner.Dispose();
    }
}
