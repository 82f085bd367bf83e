using Tclr.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Models.Tests;

[NoTensorLeaks]
public sealed class R3DTests : ScopedTests
{
    private static readonly R3DOptions Tiny = new()
    {
        StemWidth = 4,
        StemKernel = (3, 3),
        StemStride = (1, 1),
        Stages = [new(4), new(6, 2, 2)],
    };

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
    public void The_defaults_have_the_weights_of_r3d_18()
    {
        using var encoder = new R3D();
        var state = encoder.state_dict();

        Assert.Multiple(() =>
        {
            Assert.That(encoder.parameters().Sum(p => p.numel()), Is.EqualTo(33_166_272));
            Assert.That(encoder.parameters().Count(), Is.EqualTo(60));
            Assert.That(state, Has.Count.EqualTo(120));
            Assert.That(state["stem.0.weight"].shape, Is.EqualTo(new long[] { 64, 3, 3, 7, 7 }));
            Assert.That(state["layer4.1.conv2.1.running_var"].shape, Is.EqualTo(new long[] { 512 }));
            Assert.That(state.Keys, Has.None.StartsWith("layer1.0.downsample"));
        });
    }

    [Test]
    public void Weights_have_the_names_and_the_order_of_torchvision()
    {
        using var encoder = new R3D(Tiny);

        string[] block1 = ["conv1.0.weight", "conv1.1.weight", "conv1.1.bias", "conv2.0.weight", "conv2.1.weight", "conv2.1.bias"];
        string[] shortcut = ["downsample.0.weight", "downsample.1.weight", "downsample.1.bias"];
        string[] expected =
        [
            "stem.0.weight", "stem.1.weight", "stem.1.bias",
            .. block1.Select(key => "layer1.0." + key), .. block1.Select(key => "layer1.1." + key),
            .. block1.Concat(shortcut).Select(key => "layer2.0." + key), .. block1.Select(key => "layer2.1." + key),
        ];
        Assert.That(encoder.named_parameters().Select(p => p.Item1), Is.EqualTo(expected));
        Assert.That(encoder.state_dict().Keys, Is.SupersetOf(new[] { "stem.1.running_mean", "stem.1.running_var", "stem.1.num_batches_tracked" }));
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

    [Test]
    public void Convolutions_start_from_the_distribution_of_the_options()
    {
        manual_seed(3);
        using var encoder = new R3D(new R3DOptions { StemWidth = 32, Stages = [new(64, Blocks: 1)] });

        foreach (var (name, parameter) in encoder.named_parameters().Where(p => p.Item2.ndim == 5))
        {
            long[] shape = parameter.shape;
            double expected = Math.Sqrt(2.0 / (shape[0] * shape[2] * shape[3] * shape[4]));
            double actual = parameter.norm().ToDouble() / Math.Sqrt(parameter.numel());
            Assert.That(actual, Is.EqualTo(expected).Within(0.05 * expected), name);
        }

        using var uniform = VideoEncoders.SmallR3D();
        foreach (var (name, parameter) in uniform.named_parameters().Where(p => p.Item2.ndim == 5))
        {
            using var size = parameter.abs();
            using var largest = size.max();
            double bound = 1 / Math.Sqrt(parameter.numel() / parameter.shape[0]);
            Assert.That(largest.ToDouble(), Is.EqualTo(bound).Within(0.1 * bound), name);
            Assert.That(largest.ToDouble(), Is.LessThanOrEqualTo(bound * 1.000001), name);
        }

        Assert.That(encoder.state_dict()["stem.1.weight"].data<float>().ToArray(), Is.All.EqualTo(1f));
        Assert.That(encoder.state_dict()["stem.1.bias"].data<float>().ToArray(), Is.All.EqualTo(0f));
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
    public void The_blocks_are_those_of_the_paper()
    {
        // Without normalisation to hide it: a stage is relu(conv2(relu(conv1 x)) + shortcut x).
        using var encoder = new R3D(new R3DOptions { StemWidth = 2, StemKernel = (1, 1), StemStride = (1, 1), Stages = [new(2, Blocks: 1)] });
        encoder.eval();
        using var noGrad = no_grad();
        var clips = randn([1, 3, 2, 4, 4]);
        var state = encoder.state_dict();

        Tensor Normalised(string key, Tensor x, long padding)
        {
            var weight = state[key + ".0.weight"];
            long kernel = weight.shape[2];
            using var convolution = nn.Conv3d(x.shape[1], weight.shape[0], (kernel, kernel, kernel), padding: (padding, padding, padding), bias: false);
            convolution.weight.copy_(weight);
            return convolution.call(x) / Math.Sqrt(1 + 1e-5);
        }

        var stem = Normalised("stem", clips, 0).relu();
        var branch = Normalised("layer1.0.conv2", Normalised("layer1.0.conv1", stem, 1).relu(), 1);
        var expected = (branch + stem).relu().mean([3, 4]);

        Assert.That(encoder.Encode(clips).data<float>().ToArray(), Is.EqualTo(expected.data<float>().ToArray()).Within(1e-5f));
    }

    [Test]
    public void Clips_stay_as_they_are()
    {
        using var encoder = new R3D(Tiny);
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
                Throws.ArgumentException.With.Message.StartsWith("R3D: expected clips [N,3,T,H,W], got [2,1,8,32,32]"));
            Assert.That(
                () => encoder.Encode(zeros([3, 8, 32, 32])),
                Throws.ArgumentException.With.Message.StartsWith("R3D: expected clips [N,3,T,H,W], got [3,8,32,32]"));
            Assert.That(
                () => encoder.Encode(zeros([2, 3, 0, 32, 32])),
                Throws.ArgumentException.With.Message.StartsWith("R3D: expected clips [N,3,T,H,W], got [2,3,0,32,32]"));
            Assert.That(
                () => encoder.Encode(zeros([2, 3, 8, 32, 32], ScalarType.Byte)),
                Throws.ArgumentException.With.Message.StartsWith("R3D: expected clips of a floating-point type, got Byte"));
            Assert.That(() => encoder.Encode(null!), Throws.ArgumentNullException);
        });
    }

    [Test]
    public void Options_are_checked_together()
    {
        var options = new R3DOptions { InputChannels = 0, StemKernel = (2, 3), StemStride = (1, 0), Stages = [new(8, Blocks: 0)] };

        Assert.That(
            () => new R3D(options),
            Throws.ArgumentException
                .With.Message.Contains("InputChannels: expected 1 or more, got 0")
                .And.Message.Contains("StemKernel.Temporal: expected an odd number, got 2")
                .And.Message.Contains("StemStride.Spatial: expected 1 or more, got 0")
                .And.Message.Contains("Stages[0].Blocks: expected 1 or more, got 0"));
        Assert.That(
            () => new R3D(new R3DOptions { Stages = [] }),
            Throws.ArgumentException.With.Message.Contains("Stages: expected one stage or more, got none"));
    }

    [Test]
    public void Disposing_releases_the_weights()
    {
        var encoder = VideoEncoders.SmallR3D();
        var weights = encoder.parameters().ToList<Tensor>();

        encoder.Dispose();

        Assert.That(weights.Select(weight => weight.IsInvalid), Is.All.True);
    }
}
