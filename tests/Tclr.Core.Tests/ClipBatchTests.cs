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
}
