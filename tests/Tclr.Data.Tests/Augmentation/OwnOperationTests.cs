using System.Numerics;
using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Data.Tests;

/// <summary>Operations and crops as a user writes them.</summary>
[NoTensorLeaks]
public sealed class OwnOperationTests : ScopedTests
{
    [Test]
    public async Task Own_operations_go_through_the_loader([Values] bool onDevice)
    {
        var reader = new FakeVideoReader();
        var augmentation = Augmentations.Start().Crop(new UpperLeft()).Resize(12).Add(new Posterize(2)).RandomApply(0.5, inside => inside.Add(new Posterize(1))).Add(new Tint());
        var loader = new ClipLoader(await reader.IndexAsync(4), reader, ClipSamplers.Tclr(8), augmentation, new ClipLoaderOptions { AugmentOnDevice = onDevice });
        await using var batches = loader.ReadAsync(new EpochRequest(3, 0, 4)).GetAsyncEnumerator();
        Assert.That(await batches.MoveNextAsync(), Is.True);
        using var batch = batches.Current;
        using var red = batch.Clips.narrow(2, 0, 1);
        using var values = red.contiguous();
        float[] reds = [.. values.data<float>().ToArray().Select(value => value * 255)];
        Assert.That(reds, Is.All.Matches<float>(level => Math.Abs(level - 51 - Math.Round(level - 51)) < 1e-3), "the tint adds 51 to whole levels");
        Assert.That(reds.Select(level => (int)Math.Round(level - 51) & 0x3).Distinct(), Is.EqualTo(new[] { 0 }), "6 bits at most are left");
    }

    [Test]
    public void Without_tensor_operations_the_CPU_is_used()
    {
        using var window = Windows.Noise(3, 20, 30);
        var augmentation = Augmentations.Start().Resize(12).Solarize(90, 1).Add(new Posterize(2)).HorizontalFlip(1);
        var drawn = new DrawnClip([0, 2, 1], augmentation.Draw(20, 30, 4));
        byte[] pixels = [.. Enumerable.Range(0, 3).SelectMany(t => window.Frame(t).ToArray())];
        float[] expected = new float[3 * 3 * 144];
        ClipExecutor.Run(window, drawn.Positions, drawn.Parameters, expected);

        var clips = TensorExecutor.Run([tensor(pixels, [3, 20, 30, 3])], [[drawn]], CPU);

        Assert.That(clips.data<float>().ToArray(), Is.EqualTo(expected).Within(1e-7f));
    }

    [Test]
    public void Nothing_is_added_twice_or_in_the_wrong_order()
    {
        var sized = Augmentations.Start().Crop(new UpperLeft()).Resize(8);
        Assert.Multiple(() =>
        {
            Assert.That(() => sized.Crop(new UpperLeft()), Throws.InvalidOperationException.With.Message.Contains("expected one crop"));
            Assert.That(() => sized.Add(new Tint()).Add(new Posterize(2)), Throws.InvalidOperationException.With.Message.Contains("8-bit"));
            Assert.That(() => sized.RandomApply(1, inside => inside.Crop(new UpperLeft())), Throws.InvalidOperationException.With.Message.StartsWith("Crop cannot be used inside RandomApply"));
            Assert.That(() => sized.Add(null!), Throws.ArgumentNullException);
        });
    }

    // The example of ClipOperation's documentation, with a bound above.
    private sealed class Posterize(int fewestBits) : ClipOperation
    {
        public override IEnumerable<ClipChange> Draw(int height, int width, ref CounterRandom random)
            => [new Posterized(random.NextInt32(fewestBits, 7))];

        private sealed class Posterized(int bits) : PixelChange
        {
            public override void Apply(PixelFrame frame)
            {
                for (int channel = 0; channel < 3; channel++)
                {
                    foreach (ref byte level in frame[channel])
                    {
                        level &= (byte)(0xFF << (8 - bits));
                    }
                }
            }
        }
    }

    private sealed class Tint : ClipOperation
    {
        public override bool ChangesPixels => false;

        public override bool ChangesColors => true;

        public override IEnumerable<ClipChange> Draw(int height, int width, ref CounterRandom random) => [new Redder()];

        private sealed class Redder : ColorChange
        {
            public override Matrix4x4 Matrix(Vector3 mean) => Matrix4x4.CreateTranslation(0.2f, 0, 0);
        }
    }

    private sealed class UpperLeft : IClipCrop
    {
        public CropBox Choose(int height, int width, ref CounterRandom random) => new(0, 0, width / 2.0, height / 2.0);
    }
}
