using Tclr.Models;
using static TorchSharp.torch;

namespace Tclr.Weights.Tests;

/// <summary>Checkpoints with the names of CVRL's TensorFlow code.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class CvrlMappingTests : ScopedFolderTests
{
    private const double Width = 0.125;

    private static readonly WeightLoadOptions Automatic = new() { Mapping = WeightMapping.Automatic };

    [TestCase("r3d50", new[] { 3, 4, 6, 3 }, 265)]
    [TestCase("r3d101", new[] { 3, 4, 23, 3 }, 520)]
    [TestCase("r3d152", new[] { 3, 8, 36, 3 }, 775)]
    public void An_encoder_of_any_depth_is_loaded(string name, int[] blocks, int count)
    {
        var tensors = Write("backbone/", blocks);
        using var explicitly = VideoEncoders.All[name](new() { WidthMultiplier = Width });
        using var automatically = VideoEncoders.All[name](new() { WidthMultiplier = Width });

        var report = ModelWeights.Load(explicitly, Folder["ckpt-1"], new() { Mapping = WeightMapping.CvrlEncoder });
        var found = ModelWeights.Load(automatically, Folder["ckpt-1"], Automatic);

        Assert.Multiple(() =>
        {
            Assert.That(tensors, Has.Count.EqualTo(count));
            Assert.That(report.Matched, Has.Count.EqualTo(count));
            Assert.That(report.IsComplete);
            Assert.That(found.Matched, Is.EqualTo(report.Matched));
            Assert.That((found.Prefix, found.StateDict), Is.EqualTo(("backbone.", (string?)null)));
            Assert.That(TinyNetwork.Snapshot(automatically), Is.EqualTo(TinyNetwork.Snapshot(explicitly)));
        });
    }

    // The original's own count for 64 channels is 31.7 million.
    [Test]
    public void The_original_has_the_parameters_of_R3D50()
    {
        var variables = CvrlCheckpoint.Encoder("backbone/", [3, 4, 6, 3]).Where(variable => !variable.Name.Contains("moving_", StringComparison.Ordinal));

        Assert.That(variables.Sum(variable => variable.Shape.Aggregate(1L, (product, size) => product * size)), Is.EqualTo(31_672_128));
    }

    [Test]
    public void Each_number_goes_to_its_place()
    {
        var tensors = Write("backbone/", [3, 4, 6, 3]);
        using var encoder = VideoEncoders.R3D50(new() { WidthMultiplier = Width });
        ModelWeights.Load(encoder, Folder["ckpt-1"], new() { Mapping = WeightMapping.CvrlEncoder });
        var state = encoder.state_dict();

        Kernel("stem.weight", "0");
        Same("bn.weight", "1/gamma");
        Same("bn.bias", "1/beta");
        Same("bn.running_mean", "1/moving_mean");
        Same("bn.running_var", "1/moving_variance");
        Kernel("layers.0.0.ds.0.weight", "2/_shortcut_conv");
        Same("layers.0.0.ds.1.weight", "2/_norm0/gamma");
        Kernel("layers.0.0.c1.weight", "2/_temporal_conv");
        Same("layers.0.0.b1.bias", "2/_norm1/beta");
        Kernel("layers.0.2.c2.weight", "4/_spatial_conv");
        Kernel("layers.1.0.c2.weight", "5/_spatial_conv");
        Same("layers.1.3.b2.running_var", "8/_norm2/moving_variance");
        Kernel("layers.2.0.c1.weight", "9/_temporal_conv");
        Kernel("layers.2.5.c1.weight", "14/_temporal_conv");
        Kernel("layers.3.0.ds.0.weight", "15/_shortcut_conv");
        Kernel("layers.3.2.c3.weight", "17/_expand_conv");
        Same("layers.3.2.b3.running_mean", "17/_norm3/moving_mean");

        Tensor Stored(string name) => tensors[$"backbone/layer_with_weights-{name}/.ATTRIBUTES/VARIABLE_VALUE"];

        void Same(string name, string original) => Fixture.AssertEqual(state[name], Stored(original), name);

        // [time, height, width, in, out] to [out, in, time, height, width].
        void Kernel(string name, string original)
        {
            var (ours, theirs) = (state[name], Stored(original + "/kernel"));
            long[] shape = theirs.shape;
            Assert.That(ours.shape, Is.EqualTo(new[] { shape[4], shape[3], shape[0], shape[1], shape[2] }), name);
            float[] actual = ours.contiguous().data<float>().ToArray(), expected = theirs.data<float>().ToArray();
            int at = 0;
            for (long o = 0; o < shape[4]; o++)
            {
                for (long i = 0; i < shape[3]; i++)
                {
                    for (long place = 0; place < shape[0] * shape[1] * shape[2]; place++)
                    {
                        Assert.That(actual[at++], Is.EqualTo(expected[(((place * shape[3]) + i) * shape[4]) + o]), name);
                    }
                }
            }
        }
    }

    [TestCase("backbone/")]
    [TestCase("")]
    [TestCase("model/layer_with_weights-0/")]
    [TestCase("student/")]
    public void An_encoder_is_found_under_any_name(string prefix)
    {
        Write(prefix, [3, 4, 6, 3]);
        using var encoder = VideoEncoders.R3D50(new() { WidthMultiplier = Width });

        Assert.That(ModelWeights.Load(encoder, Folder["ckpt-1"], Automatic).Prefix, Is.EqualTo(prefix.Replace('/', '.')));
    }

    [Test]
    public void What_training_keeps_is_left_out_and_the_head_is_found()
    {
        var encoderVariables = CvrlCheckpoint.Encoder("backbone/", [3, 4, 6, 3], width: 8).ToList();
        var headVariables = CvrlCheckpoint.Head(256, 32, 16).ToList();
        var tensors = CvrlCheckpoint.Tensors([.. encoderVariables, .. headVariables, .. CvrlCheckpoint.Training([.. encoderVariables, .. headVariables])]);
        new TensorFlowBundle(2).AddObjectGraph().Add(tensors).Write(Folder["ckpt-1"]);
        using var encoder = VideoEncoders.R3D50(new() { WidthMultiplier = Width });
        using var found = VideoEncoders.R3D50(new() { WidthMultiplier = Width });
        using var head = ProjectionHeads.Cvrl(256, 32, 16);
        using var foundHead = ProjectionHeads.Cvrl(256, 32, 16);

        var report = ModelWeights.Load(encoder, Folder["ckpt-1"], new() { Mapping = WeightMapping.CvrlEncoder });
        var headReport = ModelWeights.Load(head, Folder["ckpt-1"], new() { Mapping = WeightMapping.CvrlHead });
        ModelWeights.Load(found, Folder["ckpt-1"], Automatic);
        Assert.That(ModelWeights.Load(foundHead, Folder["ckpt-1"], Automatic).Prefix, Is.EqualTo("model."));

        Assert.Multiple(() =>
        {
            Assert.That(report.Matched, Has.Count.EqualTo(265));
            Assert.That(headReport.Matched, Has.Count.EqualTo(20));
            Assert.That(report.Dropped, Has.Count.EqualTo(tensors.Count - 265));
            Assert.That(TinyNetwork.Snapshot(found), Is.EqualTo(TinyNetwork.Snapshot(encoder)));
            Assert.That(TinyNetwork.Snapshot(foundHead), Is.EqualTo(TinyNetwork.Snapshot(head)));
        });
        foreach (int i in (int[])[1, 2, 3, 4])
        {
            Fixture.AssertEqual(head.state_dict()[$"fc{i}.weight"], tensors[$"model/layer_with_weights-{(2 * i) - 1}/kernel/.ATTRIBUTES/VARIABLE_VALUE"].t(), $"fc{i}");
        }

        Fixture.AssertEqual(head.state_dict()["bn3.running_mean"], tensors["model/layer_with_weights-6/moving_mean/.ATTRIBUTES/VARIABLE_VALUE"], "bn3");
    }

    [Test]
    public void Another_depth_does_not_fit()
    {
        Write("backbone/", [3, 4, 6, 3]);
        using var shallower = VideoEncoders.R3D50(new() { WidthMultiplier = Width, Blocks = [3, 4, 5, 3] });
        using var deeper = VideoEncoders.R3D101(new() { WidthMultiplier = Width });

        Assert.That(() => ModelWeights.Load(shallower, Folder["ckpt-1"], Automatic), Throws.TypeOf<WeightFileException>().With.Message.Contains("it is of a larger network"));
        Assert.That(() => ModelWeights.Load(shallower, Folder["ckpt-1"], new() { Mapping = WeightMapping.CvrlEncoder }), Throws.TypeOf<WeightFileException>().With.Message.Contains("15 unexpected ('layers.2.5.c3.weight'"));
        Assert.That(() => ModelWeights.Load(deeper, Folder["ckpt-1"], Automatic), Throws.TypeOf<WeightFileException>().With.Message.Contains("missing ('layers.2.6.c1.weight'"));
    }

    [Test]
    public void Two_encoders_are_two_places()
    {
        var tensors = CvrlCheckpoint.Tensors([.. CvrlCheckpoint.Encoder("student/", [3, 4, 6, 3], 8), .. CvrlCheckpoint.Encoder("teacher/", [3, 4, 6, 3], 8)]);
        new TensorFlowBundle().Add(tensors).Write(Folder["ckpt-1"]);
        using var encoder = VideoEncoders.R3D50(new() { WidthMultiplier = Width });

        var error = Assert.Throws<WeightFileException>(() => ModelWeights.Load(encoder, Folder["ckpt-1"], Automatic))!;

        Assert.That(error.Places.Select(place => place.Prefix), Is.EqualTo(new[] { "student.", "teacher." }));
        Assert.That(ModelWeights.Load(encoder, Folder["ckpt-1"], new() { Mapping = WeightMapping.Automatic.Under(error.Places[1].Prefix) }).IsComplete);
        Fixture.AssertEqual(encoder.state_dict()["bn.weight"], tensors["teacher/layer_with_weights-1/gamma/.ATTRIBUTES/VARIABLE_VALUE"], "the chosen one");
    }

    [Test]
    public void Without_a_mapping_the_error_says_which_to_use()
    {
        Write("backbone/", [1, 1, 1, 1]);
        using var encoder = VideoEncoders.R3D50(new() { WidthMultiplier = Width, Blocks = [1, 1, 1, 1] });

        Assert.That(
            () => ModelWeights.Load(encoder, Folder["ckpt-1"]),
            Throws.TypeOf<WeightFileException>().With.Message.EndsWith("The file has the names of Keras layers: use WeightMapping.Automatic, or WeightMapping.Keras with rules of your own."));
    }

    [Test]
    public void A_network_of_ones_own_is_mapped_by_rules()
    {
        var tensors = CvrlCheckpoint.Tensors([("net/conv/kernel/.ATTRIBUTES/VARIABLE_VALUE", [3, 5, 2, 4]), ("net/conv/bias/.ATTRIBUTES/VARIABLE_VALUE", [4])]);
        new TensorFlowBundle().Add(tensors).Write(Folder["ckpt-1"]);
        using var network = nn.Conv2d(2, 4, (3, 5));

        ModelWeights.Load(network, Folder["ckpt-1"], new() { Mapping = WeightMapping.Keras.Under("net.conv.") });

        Fixture.AssertEqual(network.weight!, tensors["net/conv/kernel/.ATTRIBUTES/VARIABLE_VALUE"].permute(3, 2, 0, 1), "kernel");
        Assert.That(() => ModelWeights.Load(network, Folder["ckpt-1"], new() { Mapping = WeightMapping.Keras.Under("net.conv.").Drop("bias") }), Throws.TypeOf<WeightFileException>(), "only counts of batches may be missing");
    }

    private Dictionary<string, Tensor> Write(string prefix, int[] blocks)
    {
        var tensors = CvrlCheckpoint.Tensors(CvrlCheckpoint.Encoder(prefix, blocks, width: (int)(64 * Width)));
        new TensorFlowBundle(2).AddObjectGraph().Add(tensors).Write(Folder["ckpt-1"]);
        return tensors;
    }
}
