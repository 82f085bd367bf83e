using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Data.Tests;

/// <summary>Batches that the device that trains augments, here the CPU.</summary>
[NoTensorLeaks]
public sealed class AugmentOnDeviceTests
{
    private static readonly EpochRequest Request = new(Seed: 7, Epoch: 1, BatchSize: 3);

    [Test]
    public async Task The_clips_are_those_of_the_workers()
    {
        foreach (var (augmentation, tolerance) in new (IClipAugmentation, double)[] { (Augmentations.TclrReference(16), 1e-7), (Augmentations.Demo(16), 1e-5), (Augmentations.Cvrl(20), 1.001 / 255) })
        {
            var expected = await ReadAsync(await LoaderAsync(augmentation, onDevice: false));
            var actual = await ReadAsync(await LoaderAsync(augmentation, onDevice: true));
            Assert.That(actual, Has.Count.EqualTo(expected.Count).And.Count.EqualTo(3));
            foreach (var (one, other) in actual.Zip(expected))
            {
                Assert.That(one.Samples, Is.EqualTo(other.Samples));
                Assert.That(one.Shape, Is.EqualTo(other.Shape));
                Assert.That(one.Values.Zip(other.Values, (a, b) => Math.Abs(a - b)).Max(), Is.LessThan(tolerance));
            }
        }
    }

    [Test]
    public async Task A_video_that_fails_is_replaced()
    {
        var reader = new FakeVideoReader();
        var loader = await LoaderAsync(Augmentations.TclrPaper(16), onDevice: true, reader);
        reader.Broken.Add("v04");
        var batches = await ReadAsync(loader);
        Assert.That(batches.SelectMany(batch => batch.Samples), Does.Not.Contain("v04"));
        Assert.That(loader.Faults, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Breaking_off_releases_all_frames()
    {
        var loader = await LoaderAsync(Augmentations.TclrPaper(16), onDevice: true);
        await foreach (var batch in loader.ReadAsync(Request))
        {
            batch.Dispose();
            break;
        }
    }

    [Test]
    public async Task An_augmentation_for_the_CPU_only_is_refused()
    {
        var loading = async () => await LoaderAsync(new Black(), onDevice: true);
        Assert.That(loading, Throws.ArgumentException.With.Message.Contains("got Black, which works on the CPU only"));
        Assert.That(await LoaderAsync(new Black(), onDevice: false), Is.Not.Null);
    }

    [Test]
    public async Task A_resumed_run_compares_it()
    {
        var (off, on) = (await LoaderAsync(Augmentations.Demo(16), onDevice: false), await LoaderAsync(Augmentations.Demo(16), onDevice: true));
        Assert.That(((IClipSource)off).Settings.Single(pair => pair.Key is "AugmentOnDevice").Value, Is.EqualTo(false));
        Assert.That(((IClipSource)on).Settings.Single(pair => pair.Key is "AugmentOnDevice").Value, Is.EqualTo(true));
    }

    private static async Task<ClipLoader> LoaderAsync(IClipAugmentation augmentation, bool onDevice, FakeVideoReader? reader = null)
    {
        reader ??= new FakeVideoReader();
        return new(await reader.IndexAsync(10), reader, ClipSamplers.Tclr(8), augmentation, new ClipLoaderOptions { AugmentOnDevice = onDevice });
    }

    private static async Task<List<(List<string> Samples, long[] Shape, float[] Values)>> ReadAsync(ClipLoader loader)
    {
        var read = new List<(List<string>, long[], float[])>();
        await foreach (var batch in loader.ReadAsync(Request))
        {
            using (batch)
            {
                using var clips = batch.To(CPU);
                read.Add(([.. batch.Samples], clips.shape, clips.data<float>().ToArray()));
            }
        }

        return read;
    }

    private sealed class Black : IClipAugmentation
    {
        public int Height => 16;

        public int Width => 16;

        public void Apply(FrameWindow source, ReadOnlySpan<int> positions, ref CounterRandom random, Span<float> destination) => destination.Clear();
    }
}
