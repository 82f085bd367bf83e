using Tclr.Core;
using Tclr.Models.Tests.Fixtures;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Models.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class VideoEncoderTests : ScopedTests
{
    private static readonly VideoEncoderOptions Tiny = new() { WidthMultiplier = 1 / 16.0, Blocks = [1, 1, 1, 1] };

    [Test]
    public void The_small_encoder_is_that_of_the_demo()
    {
        using var encoder = VideoEncoders.SmallR3D();
        using var head = ProjectionHeads.Tclr(64, 64, 32);

        long weights = encoder.parameters().Sum(p => p.numel());
        Assert.Multiple(() =>
        {
            Assert.That(weights, Is.EqualTo(221_752));
            Assert.That(weights + head.parameters().Sum(p => p.numel()), Is.EqualTo(228_152));
            Assert.That(encoder.FeatureDimension, Is.EqualTo(64));
            Assert.That(encoder.Network, Is.SameAs(encoder));
            Assert.That(encoder.Encode(randn([2, 3, 8, 32, 32])).shape, Is.EqualTo(new long[] { 2, 64, 4 }));
        });
    }

    [Test]
    public void A_network_inside_a_network_keeps_its_names()
    {
        using var both = nn.Sequential(VideoEncoders.SmallR3D(), nn.ReLU());

        Assert.That(both.named_parameters().Select(p => p.Item1).Count(), Is.EqualTo(30));
        Assert.That(both.state_dict().Keys, Is.All.Matches("^0[.](stem|layer[123])[.]"));
    }

    [TestCase(8, 32, 32, 4)]
    [TestCase(7, 33, 17, 4)]
    [TestCase(1, 1, 1, 1)]
    [TestCase(16, 16, 16, 8)]
    public void Space_is_pooled_and_time_is_kept(int t, int h, int w, int steps)
    {
        using var encoder = VideoEncoders.SmallR3D();

        Assert.That(encoder.Encode(randn([2, 3, t, h, w])).shape, Is.EqualTo(new long[] { 2, 64, steps }));
    }

    [Test]
    public void Every_weight_has_a_gradient()
    {
        using var encoder = VideoEncoders.SmallR3D();

        encoder.Encode(randn([2, 3, 8, 16, 16])).mean().backward();

        foreach (var (name, parameter) in encoder.named_parameters())
        {
            Assert.That(parameter.grad!.abs().max().ToDouble(), Is.GreaterThan(0).And.LessThan(double.PositiveInfinity), name);
        }
    }

    [TestCase(ConvolutionInitialization.KaimingNormal)]
    [TestCase(ConvolutionInitialization.Uniform)]
    [TestCase(ConvolutionInitialization.TruncatedNormal)]
    public void Convolutions_start_from_the_distribution_of_the_options(ConvolutionInitialization initialization)
    {
        manual_seed(3);
        using var encoder = VideoEncoders.R3D18(new() { WidthMultiplier = 0.5, Blocks = [1, 1, 1, 1], Initialization = initialization });

        foreach (var (name, parameter) in encoder.named_parameters().Where(p => p.Item2.ndim == 5))
        {
            long[] shape = parameter.shape;
            double fanIn = parameter.numel() / shape[0], fanOut = parameter.numel() / shape[1];
            var (deviation, bound) = initialization switch
            {
                ConvolutionInitialization.KaimingNormal => (Math.Sqrt(2 / fanOut), double.PositiveInfinity),
                ConvolutionInitialization.Uniform => (1 / Math.Sqrt(3 * fanIn), 1 / Math.Sqrt(fanIn)),
                _ => (1 / Math.Sqrt(fanIn), 2 / Math.Sqrt(fanIn) / 0.87962566103423978),
            };
            Assert.That(parameter.norm().ToDouble() / Math.Sqrt(parameter.numel()), Is.EqualTo(deviation).Within(0.05 * deviation), name);
            Assert.That(parameter.abs().max().ToDouble(), Is.LessThanOrEqualTo(bound * 1.000001), name);
        }

        Assert.That(encoder.state_dict()["stem.1.weight"].data<float>().ToArray(), Is.All.EqualTo(1f));
        Assert.That(encoder.state_dict()["stem.1.bias"].data<float>().ToArray(), Is.All.EqualTo(0f));
    }

    [Test]
    public void TCLRs_new_convolutions_start_from_PyTorchs_default()
    {
        using var encoder = VideoEncoders.R3D18(new() { WidthMultiplier = 0.5 });

        Assert.Multiple(() =>
        {
            foreach (var (name, parameter) in encoder.named_parameters().Where(p => p.Item2.ndim == 5))
            {
                bool replaced = name is "layer4.0.conv1.0.weight" or "layer4.0.downsample.0.weight";
                double bound = Math.Sqrt(parameter.shape[0] / (double)parameter.numel());
                Assert.That(parameter.abs().max().ToDouble(), replaced ? Is.LessThanOrEqualTo(bound * 1.000001) : Is.GreaterThan(bound), name);
            }
        });
    }

    [Test]
    public void The_seed_fixes_the_weights()
    {
        manual_seed(5);
        using var first = VideoEncoders.SmallR3D();
        manual_seed(5);
        using var second = VideoEncoders.SmallR3D();

        foreach (var (name, parameter) in first.named_parameters())
        {
            Assert.That(second.state_dict()[name].data<float>().ToArray(), Is.EqualTo(parameter.data<float>().ToArray()), name);
        }
    }

    [Test]
    public void Evaluation_does_not_depend_on_the_batch()
    {
        using var encoder = VideoEncoders.SmallR3D();
        using var noGrad = no_grad();
        var clips = randn([4, 3, 8, 16, 16]);
        encoder.Encode(clips);
        encoder.eval();

        float[] all = encoder.Encode(clips).data<float>().ToArray();
        float[] again = encoder.Encode(clips).data<float>().ToArray();
        float[] alone = encoder.Encode(clips.narrow(0, 0, 1)).data<float>().ToArray();

        Assert.That(again, Is.EqualTo(all));
        Assert.That(alone, Is.EqualTo(all.AsSpan(0, alone.Length).ToArray()).Within(1e-5f));
    }

    [Test]
    public void Clips_stay_as_they_are()
    {
        using var encoder = VideoEncoders.R3D18(Tiny);
        var clips = randn([2, 3, 4, 8, 8]);
        float[] before = clips.data<float>().ToArray();

        encoder.Encode(clips);

        Assert.That(clips.data<float>().ToArray(), Is.EqualTo(before));
    }

    [Test]
    public void Wrong_clips_are_named()
    {
        using var encoder = VideoEncoders.SmallR3D();

        Assert.Multiple(() =>
        {
            Assert.That(
                () => encoder.Encode(zeros([2, 1, 8, 32, 32])),
                Throws.ArgumentException.With.Message.StartsWith("SmallR3D: expected clips [N,3,T,H,W], got [2,1,8,32,32]"));
            Assert.That(
                () => encoder.Encode(zeros([3, 8, 32, 32])),
                Throws.ArgumentException.With.Message.StartsWith("SmallR3D: expected clips [N,3,T,H,W], got [3,8,32,32]"));
            Assert.That(
                () => encoder.Encode(zeros([2, 3, 0, 32, 32])),
                Throws.ArgumentException.With.Message.StartsWith("SmallR3D: expected clips [N,3,T,H,W] without empty dimensions, got [2,3,0,32,32]"));
            Assert.That(
                () => encoder.Encode(zeros([2, 3, 8, 32, 32], ScalarType.Byte)),
                Throws.ArgumentException.With.Message.StartsWith("SmallR3D: expected clips of a floating-point type, got Byte"));
            Assert.That(() => encoder.Encode(null!), Throws.ArgumentNullException);
        });
    }

    [TestCaseSource(typeof(EncoderCases), nameof(EncoderCases.Names))]
    public void A_clip_of_16_frames_keeps_the_timesteps_of_the_options(string name)
    {
        using var noGrad = no_grad();
        bool residual = name is not ("C3D" or "S3D" or "S3DG");
        foreach (int timesteps in (int[])[2, 4, 8, 16])
        {
            var options = new VideoEncoderOptions { WidthMultiplier = 1 / 16.0, Blocks = residual ? [2, 1, 1, 1] : null, Timesteps = timesteps };
            using var encoder = EncoderCases.Create(name, options);
            encoder.eval();

            foreach (int frames in (int[])[8, 13, 16, 21])
            {
                Assert.That(encoder.Encode(randn([1, 3, frames, 32, 32])).shape[2], Is.EqualTo(encoder.TimestepsOf(frames)), $"{frames} frames, {timesteps} timesteps");
            }

            Assert.That(encoder.TimestepsOf(16), Is.EqualTo(timesteps));
            Assert.That(encoder.FeatureDimension, Is.EqualTo(GoldenEncoder.Values[name].Map[1] / 16));
        }
    }

    [Test]
    public void Frames_for_timesteps_are_those_that_give_them()
    {
        using var rounding = VideoEncoders.R3D18(Tiny);
        using var dropping = VideoEncoders.C3D(new() { WidthMultiplier = 1 / 16.0 });

        Assert.Multiple(() =>
        {
            Assert.That(rounding.FramesFor(4), Is.EqualTo((13, 16)));
            Assert.That(dropping.FramesFor(2), Is.EqualTo((16, 23)));
            foreach (var encoder in (VideoEncoder[])[rounding, dropping])
            {
                for (int timesteps = 1; timesteps < 9; timesteps++)
                {
                    var (fewest, most) = encoder.FramesFor(timesteps);
                    Assert.That(encoder.TimestepsOf(fewest), Is.EqualTo(timesteps));
                    Assert.That(encoder.TimestepsOf(most), Is.EqualTo(timesteps));
                    Assert.That(encoder.TimestepsOf(most + 1), Is.EqualTo(timesteps + 1));
                }
            }

            Assert.That(() => rounding.TimestepsOf(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => rounding.FramesFor(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    [Test]
    public void Timesteps_that_a_clip_cannot_give_are_answered_with_the_length_that_can()
    {
        using var encoder = VideoEncoders.R3D18(Tiny);

        Assert.That(encoder.Encode(zeros([2, 3, 16, 8, 8]), timesteps: 4).shape, Is.EqualTo(new long[] { 2, 32, 4 }));
        Assert.That(
            () => encoder.Encode(zeros([2, 3, 8, 8, 8]), timesteps: 4),
            Throws.ArgumentException.With.Message.StartsWith(
                "R3D18: a clip of 8 frames gives 2 timesteps, expected 4: use clips of 13 to 16 frames, or another VideoEncoderOptions.Timesteps"));
        Assert.That(() => encoder.Encode(zeros([2, 3, 16, 8, 8]), timesteps: 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Pooled_features_are_the_mean_over_time()
    {
        using var encoder = VideoEncoders.R3D18(Tiny);
        encoder.eval();
        using var noGrad = no_grad();
        var clips = randn([2, 3, 16, 8, 8]);

        Assert.That(encoder.EncodePooled(clips).allclose(encoder.Encode(clips).mean([2])), Is.True);
    }

    [Test]
    public void Weights_for_BGR_see_the_colors_in_their_order()
    {
        using var noGrad = no_grad();
        manual_seed(1);
        using var rgb = VideoEncoders.SmallR3D();
        manual_seed(1);
        using var bgr = VideoEncoders.SmallR3D(new() { ChannelOrder = ChannelOrder.Bgr });
        rgb.eval();
        bgr.eval();
        var clips = randn([2, 3, 8, 16, 16]);
        var swapped = stack([clips.select(1, 2), clips.select(1, 1), clips.select(1, 0)], 1);

        Assert.That(bgr.Encode(clips).data<float>().ToArray(), Is.EqualTo(rgb.Encode(swapped).data<float>().ToArray()).Within(1e-6));
        Assert.That(bgr.Encode(clips).allclose(rgb.Encode(clips)), Is.False);
    }

    [Test]
    public void Deeper_and_wider_networks_come_from_the_same_code()
    {
        using var wide = VideoEncoders.R3D(new() { WidthMultiplier = 0.25, Blocks = [1, 2, 1, 3], InputChannels = 2 });
        using var deep = VideoEncoders.R3D101(new() { WidthMultiplier = 1 / 32.0 });
        using var deepest = VideoEncoders.R3D152(new() { WidthMultiplier = 1 / 32.0 });

        Assert.Multiple(() =>
        {
            Assert.That(wide.state_dict().Keys, Does.Contain("conv5.blocks.1.conv2.temporal_spatial_conv.weight").And.Not.Contain("conv2.blocks.0.bn1.weight"));
            Assert.That(wide.Encode(randn([1, 2, 16, 16, 16])).shape, Is.EqualTo(new long[] { 1, 128, 2 }));
            Assert.That(deep.named_parameters().Count(p => p.Item1.EndsWith("c2.weight", StringComparison.Ordinal)), Is.EqualTo(33));
            Assert.That(deepest.named_parameters().Count(p => p.Item1.EndsWith("c2.weight", StringComparison.Ordinal)), Is.EqualTo(50));
        });
    }

    // CVRL's sizes, width multiplier 2 included: its largest encoder is R3D-152 (2x).
    [TestCase("R3D50", new[] { 3, 4, 6, 3 }, 1, 31_672_128)]
    [TestCase("R3D50", new[] { 3, 4, 6, 3 }, 2, 126_488_192)]
    [TestCase("R3D101", new[] { 3, 4, 23, 3 }, 1, 59_577_152)]
    [TestCase("R3D101", new[] { 3, 4, 23, 3 }, 2, 238_003_840)]
    [TestCase("R3D152", new[] { 3, 8, 36, 3 }, 1, 82_036_544)]
    [TestCase("R3D152", new[] { 3, 8, 36, 3 }, 2, 327_749_248)]
    public void Deep_and_wide_networks_have_the_parameters_of_the_formula(string name, int[] blocks, int width, long expected)
    {
        // PyTorch's default initialization is the fastest.
        using var encoder = VideoEncoders.All[name](new() { WidthMultiplier = width, Initialization = ConvolutionInitialization.Uniform });

        long formula = BottleneckParameters(blocks, width);
        Assert.Multiple(() =>
        {
            Assert.That(formula, Is.EqualTo(expected));
            Assert.That(encoder.parameters().Sum(parameter => parameter.numel()), Is.EqualTo(formula));
            Assert.That(encoder.FeatureDimension, Is.EqualTo(2048 * width));
        });
    }

    [Test]
    public void A_clip_that_a_network_shrinks_to_nothing_is_refused()
    {
        using var encoder = VideoEncoders.C3D(new() { WidthMultiplier = 1 / 16.0 });

        Assert.That(
            () => encoder.Encode(zeros([1, 3, 7, 16, 15])),
            Throws.ArgumentException.With.Message.StartsWith("C3D: expected clips of 8 frames and 16x16 pixels or more, got 7 frames of 16x15"));
    }

    [Test]
    public void Options_are_checked_together()
    {
        var options = new VideoEncoderOptions
        {
            InputChannels = 0,
            ChannelOrder = ChannelOrder.Bgr,
            WidthMultiplier = double.NaN,
            Blocks = [2, 0, 2, 2],
            Timesteps = 3,
            Initialization = (ConvolutionInitialization)9,
        };

        Assert.That(
            () => VideoEncoders.R3D18(options),
            Throws.ArgumentException
                .With.Message.StartsWith("InputChannels: expected 1 or more, got 0")
                .And.Message.Contains("ChannelOrder: expected Rgb, or Bgr with 3 input channels, got Bgr with 0")
                .And.Message.Contains("WidthMultiplier: expected a finite number above 0, got NaN")
                .And.Message.Contains("Blocks: expected 4 numbers of 1 or more, got [2, 0, 2, 2]")
                .And.Message.Contains("Timesteps: expected 2, 4, 8 or 16 of a clip of 16 frames, got 3")
                .And.Message.Contains("Initialization: expected one of KaimingNormal, Uniform, TruncatedNormal, got 9"));
        Assert.That(
            () => VideoEncoders.C3D(new() { Blocks = [1] }),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("Blocks: expected null for a network without residual stages, got [1]"));
    }

    [Test]
    public void Disposing_releases_the_weights()
    {
        var encoder = VideoEncoders.SmallR3D();
        var weights = encoder.parameters().ToList<Tensor>();

        encoder.Dispose();

        Assert.That(weights.Select(weight => weight.IsInvalid), Is.All.True);
    }

    // Weights of convolutions without biases and batch normalization, by Qian et al. (2021).
    private static long BottleneckParameters(int[] blocks, int width)
    {
        long inputs = 64 * width, total = (3 * 5 * 7 * 7 * inputs) + (2 * inputs);
        for (int stage = 0; stage < 4; stage++)
        {
            long narrow = (64L << stage) * width, wide = 4 * narrow, temporal = stage < 2 ? 1 : 3;
            total += (inputs * wide) + (2 * wide);
            for (int block = 0; block < blocks[stage]; block++)
            {
                total += (temporal * inputs * narrow) + (9 * narrow * narrow) + (narrow * wide) + (2 * (narrow + narrow + wide));
                inputs = wide;
            }
        }

        return total;
    }
}
