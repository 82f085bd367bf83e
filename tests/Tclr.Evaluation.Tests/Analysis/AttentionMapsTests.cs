using Tclr.Core;
using Tclr.Models;
using static TorchSharp.torch;

namespace Tclr.Evaluation.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class AttentionMapsTests : ScopedTests
{
    [Test]
    public void Attention_is_the_energy_of_the_last_features()
    {
        using var encoder = VideoEncoders.SmallR3D();
        encoder.train();
        var clips = Golden.Hash(61, 2, 3, 8, 24, 16).to(ScalarType.Float32);

        var maps = AttentionMap.Of(encoder, clips);

        Assert.That(encoder.training, Is.True, "the mode is given back");
        encoder.eval();
        using var noGrad = no_grad();
        var features = encoder.EncodeMap(clips);
        long[] shape = features.shape;
        double[] flat = features.to(ScalarType.Float64).data<double>().ToArray();
        for (int clip = 0; clip < 2; clip++)
        {
            double Energy(int t, int y, int x) => Enumerable.Range(0, (int)shape[1])
                .Average(channel => Math.Pow(flat[(((((((clip * shape[1]) + channel) * shape[2]) + t) * shape[3]) + y) * shape[4]) + x], 2));
            double[] all = [.. Enumerable.Range(0, 8 * 24 * 16).Select(i => Interpolate(Energy, i / (24 * 16), i / 16 % 24, i % 16))];
            for (int i = 0; i < all.Length; i++)
            {
                Assert.That(maps[clip].Frame(i / (24 * 16))[i % (24 * 16)], Is.EqualTo((all[i] - all.Min()) / (all.Max() - all.Min())).Within(1e-4), $"clip {clip}, value {i}");
            }
        }

        // Trilinear, written out: the eight corners around a pixel's middle.
        double Interpolate(Func<int, int, int, double> at, int t, int y, int x)
        {
            double sum = 0;
            foreach (var (ct, wt) in Corners(t, 8, (int)shape[2]))
            {
                foreach (var (cy, wy) in Corners(y, 24, (int)shape[3]))
                {
                    foreach (var (cx, wx) in Corners(x, 16, (int)shape[4]))
                    {
                        sum += wt * wy * wx * at(ct, cy, cx);
                    }
                }
            }

            return sum;
        }

        static (int, double)[] Corners(int place, int wanted, int size)
        {
            double position = Math.Clamp(((place + 0.5) * size / wanted) - 0.5, 0, size - 1);
            int below = (int)Math.Floor(position);
            return [(below, 1 - (position - below)), (Math.Min(below + 1, size - 1), position - below)];
        }
    }

    [Test]
    public void Encoders_average_the_map_over_space()
    {
        using var encoder = VideoEncoders.SmallR3D();
        encoder.eval();
        var clips = Golden.Hash(62, 1, 3, 8, 16, 16).to(ScalarType.Float32);
        using var noGrad = no_grad();

        Assert.That(encoder.EncodeMap(clips).mean([3, 4]).allclose(encoder.Encode(clips)), Is.True);
    }

    [Test]
    public void Overlays_are_gray_without_attention_and_warm_with_it()
    {
        var map = new AttentionMap([0, 1], 1, 1, 2);

        byte[] overlay = map.Overlay(0, [100, 100, 100, 100, 100, 100]);

        Assert.That(overlay[..3], Is.EqualTo(new byte[] { 60, 60, 60 }));
        Assert.That(overlay[3], Is.GreaterThan(overlay[4] + 10).And.GreaterThan(150));
        Assert.That(overlay[4], Is.GreaterThan(overlay[5] + 50));
        Assert.That(() => map.Overlay(0, [1]), Throws.ArgumentException.With.Message.Contains("expected 6 bytes for 2x1 RGB pixels, got 1"));
        Assert.That(() => map.Frame(1).Length, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Encoders_without_a_map_are_refused_with_what_to_do()
    {
        using var encoder = new PooledEncoder();

        Assert.That(() => AttentionMap.Of(encoder, zeros([1, 3, 2, 4, 4])), Throws.ArgumentException.With.Message.Contains("expected an encoder with a spatial feature map, got PooledEncoder"));
        Assert.That(() => AttentionMap.Of(encoder, zeros([3, 2, 4, 4])), Throws.ArgumentException.With.Message.Contains("expected clips [N,3,T,H,W]"));
    }

    private sealed class PooledEncoder : IVideoEncoder
    {
        public int FeatureDimension => 3;

        public nn.Module Network { get; } = nn.ReLU();

        public Tensor Encode(Tensor clips) => clips.mean([3, 4]);

        public void Dispose() => Network.Dispose();
    }
}
