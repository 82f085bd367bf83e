using Tclr.Core;

namespace Tclr.Data.Tests;

[NoTensorLeaks]
public sealed class LargeBatchTests : ScopedTests
{
    // Address space, of which only two clips are written: 2.2 GB are not used.
    [Test]
    public void A_batch_of_more_than_two_gigabytes_is_written_at_its_place()
    {
        const int samples = 140, length = 3 * 4 * 1000 * 500;
        using var window = Windows.Noise(1, 8, 8);
        using var clips = new ReadyClips(samples, [2, 3, 4, 1000, 500], pinned: false);
        foreach (int slot in new[] { 0, samples - 1 })
        {
            clips.Write(slot, window, new ClipPlan([[0], [0]]), new Marked(slot + 1), _ => CounterRandom.For(1), CancellationToken.None);
        }

        using var batch = clips.Take(new ViewLayout(2, 0), ChannelOrder.Rgb, [.. Enumerable.Range(0, samples).Select(i => $"{i}")]);
        Assert.That(batch.Clips.numel() * sizeof(float), Is.GreaterThan(int.MaxValue));
        using var last = batch.Clips[1, samples - 1].view(length);
        using var first = batch.Clips[0, 0].view(length);
        Assert.That((first[0].item<float>(), first[length - 1].item<float>()), Is.EqualTo((1f, 1f)));
        Assert.That((last[0].item<float>(), last[length - 1].item<float>()), Is.EqualTo((140f, 140f)));
    }

    [Test]
    public void A_batch_that_the_machine_cannot_hold_is_refused()
    {
        long[] cvrl = [2, 3, 16, 224, 224];
        Assert.That(() => ClipLoader.CheckMemory(cvrl, 1024, 64L << 30), Throws.Nothing);
        Assert.That(
            () => ClipLoader.CheckMemory(cvrl, 1024, 16L << 30),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("19267584 bytes").And.Message.Contains("891 samples"));
    }

    private sealed class Marked(float value) : IClipAugmentation
    {
        public int Height => 1000;

        public int Width => 500;

        // The ends only, so that no page between them is touched.
        public void Apply(FrameWindow source, ReadOnlySpan<int> positions, ref CounterRandom random, Span<float> destination)
            => (destination[0], destination[^1]) = (value, value);
    }
}
