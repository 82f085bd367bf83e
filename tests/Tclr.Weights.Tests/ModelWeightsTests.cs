using Tclr.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Weights.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class ModelWeightsTests : ScopedFolderTests
{
    private static readonly string[] Extensions = ["safetensors", "pth", "pt", "dat"];

    [TestCaseSource(nameof(Extensions))]
    public void A_model_comes_back_bit_for_bit(string extension)
    {
        string path = Folder["small." + extension];
        manual_seed(1);
        using var saved = VideoEncoders.SmallR3D();
        using var loaded = VideoEncoders.SmallR3D();
        saved.Encode(randn([2, 3, 8, 16, 16])).Dispose();

        ModelWeights.Save(saved, path);
        Assert.That(TinyNetwork.Snapshot(loaded), Is.Not.EqualTo(TinyNetwork.Snapshot(saved)));
        var report = ModelWeights.Load(loaded, path);

        Assert.That(TinyNetwork.Snapshot(loaded), Is.EqualTo(TinyNetwork.Snapshot(saved)));
        Assert.That(loaded.state_dict()["stem.1.num_batches_tracked"].item<long>(), Is.EqualTo(1));
        Assert.That(report.IsComplete);
        Assert.That(report.Matched, Is.EqualTo(loaded.state_dict().Keys));
        Assert.That(loaded.parameters().Select(p => p.requires_grad), Is.All.True);
    }

    [TestCaseSource(nameof(Extensions))]
    public void The_content_says_the_format(string extension)
    {
        using var saved = TinyNetwork.Encoder();
        using var loaded = TinyNetwork.Encoder();
        ModelWeights.Save(saved, Folder["net." + extension]);
        File.Move(Folder["net." + extension], Folder["net.bin"]);

        ModelWeights.Load(loaded, Folder["net.bin"]);

        Assert.That(TinyNetwork.Snapshot(loaded), Is.EqualTo(TinyNetwork.Snapshot(saved)));
    }

    [Test]
    public void The_bytes_of_TorchSharps_format_are_its_own()
    {
        using var saved = TinyNetwork.Encoder();
        ModelWeights.Save(saved, Folder["ours.dat"]);
        using (var writer = new BinaryWriter(File.Create(Folder["theirs.dat"])))
        {
            saved.save(writer);
        }

        Assert.That(File.ReadAllBytes(Folder["ours.dat"]), Is.EqualTo(File.ReadAllBytes(Folder["theirs.dat"])));
    }

    [Test]
    public void TorchSharp_reads_its_format_still()
    {
        using var saved = TinyNetwork.Encoder();
        using var loaded = TinyNetwork.Encoder();
        ModelWeights.Save(saved, Folder["net.dat"]);
        using (var reader = new BinaryReader(File.OpenRead(Folder["net.dat"])))
        {
            loaded.load(reader);
        }

        Assert.That(TinyNetwork.Snapshot(loaded), Is.EqualTo(TinyNetwork.Snapshot(saved)));
    }

    [Test]
    public void Strict_loading_names_what_is_missing_and_unexpected()
    {
        using var head = TinyNetwork.Head();
        byte[] before = TinyNetwork.Snapshot(head);
        WeightFile.Write(Folder["x.safetensors"], [new("weight", ones([2, 3])), new("gain", ones([1]))]);

        var error = Assert.Throws<WeightFileException>(() => ModelWeights.Load(head, Folder["x.safetensors"]))!;

        Assert.Multiple(() =>
        {
            Assert.That(error.Message, Does.Contain("the weights do not fit Linear: 1 matched, 1 missing ('bias'), 1 unexpected ('gain')"));
            Assert.That(error.Report!.Missing, Is.EqualTo(new[] { "bias" }));
            Assert.That(error.Report!.Unexpected, Is.EqualTo(new[] { "gain" }));
            Assert.That(error.Report!.Matched, Is.EqualTo(new[] { "weight" }));
            Assert.That(TinyNetwork.Snapshot(head), Is.EqualTo(before), "the model is as it was");
        });
    }

    [Test]
    public void Without_strictness_the_rest_is_loaded_and_reported()
    {
        using var head = TinyNetwork.Head();
        using var bias = head.state_dict()["bias"].clone();
        WeightFile.Write(Folder["x.safetensors"], [new("weight", ones([2, 3])), new("gain", ones([1]))]);

        var report = ModelWeights.Load(head, Folder["x.safetensors"], new() { Strict = false });

        Assert.That(report.ToString(), Is.EqualTo("1 matched, 1 missing ('bias'), 1 unexpected ('gain')"));
        Assert.That(report.IsComplete, Is.False);
        Fixture.AssertEqual(head.state_dict()["weight"], ones([2, 3]), "weight");
        Fixture.AssertEqual(head.state_dict()["bias"], bias, "bias");
    }

    // Broadcasting would make most of these fit.
    [TestCase(new long[] { 2, 1 })]
    [TestCase(new long[] { 3 })]
    [TestCase(new long[] { 1, 2, 3 })]
    [TestCase(new long[] { 3, 2 })]
    [TestCase(new long[] { })]
    public void Another_shape_is_an_error_even_without_strictness(long[] shape)
    {
        using var head = TinyNetwork.Head();
        byte[] before = TinyNetwork.Snapshot(head);
        WeightFile.Write(Folder["x.safetensors"], [new("bias", ones([2])), new("weight", ones(shape))]);

        var error = Assert.Throws<WeightFileException>(() => ModelWeights.Load(head, Folder["x.safetensors"], new() { Strict = false }))!;

        Assert.That(error.Message, Does.EndWith($"1 of another shape or type ('weight': expected Float32 [2,3], got Float32 [{string.Join(',', shape)}])"));
        Assert.That(error.Report!.Mismatched, Has.Count.EqualTo(1));
        Assert.That(TinyNetwork.Snapshot(head), Is.EqualTo(before));
    }

    [TestCase(ScalarType.Float16)]
    [TestCase(ScalarType.BFloat16)]
    [TestCase(ScalarType.Float64)]
    public void Another_floating_point_type_is_converted_on_request_only(ScalarType type)
    {
        using var head = TinyNetwork.Head();
        WeightFile.Write(Folder["x.safetensors"], [new("weight", Fixture.Ramp(type, 0, 2, 3)), new("bias", Fixture.Ramp(type, 6, 2))]);

        Assert.That(
            () => ModelWeights.Load(head, Folder["x.safetensors"]),
            Throws.TypeOf<WeightFileException>().With.Message.Contains($"'weight': expected Float32 [2,3], got {type} [2,3]). Set ConvertTypes to convert."));
        ModelWeights.Load(head, Folder["x.safetensors"], new() { ConvertTypes = true });

        Fixture.AssertEqual(head.state_dict()["weight"], Fixture.Ramp(ScalarType.Float32, 0, 2, 3), "weight");
        Fixture.AssertEqual(head.state_dict()["bias"], Fixture.Ramp(ScalarType.Float32, 6, 2), "bias");
        Assert.That(head.parameters().Select(p => p.requires_grad && p.is_leaf), Is.All.True);
    }

    [Test]
    public void Integers_are_not_converted()
    {
        using var head = TinyNetwork.Head();
        WeightFile.Write(Folder["x.safetensors"], [new("weight", zeros([2, 3], ScalarType.Int32)), new("bias", ones([2]))]);

        Assert.That(
            () => ModelWeights.Load(head, Folder["x.safetensors"], new() { ConvertTypes = true }),
            Throws.TypeOf<WeightFileException>().With.Message.EndsWith("('weight': expected Float32 [2,3], got Int32 [2,3])"));
    }

    [Test]
    public void A_model_of_another_type_and_layout_is_loaded()
    {
        using var saved = TinyNetwork.Encoder();
        using var loaded = TinyNetwork.Encoder().to(ScalarType.Float64);
        ModelWeights.Save(saved, Folder["x.pth"]);

        ModelWeights.Load(loaded, Folder["x.pth"], new() { ConvertTypes = true });

        foreach (var (name, expected) in saved.state_dict())
        {
            var actual = loaded.state_dict()[name];
            Fixture.AssertEqual(actual, expected.to(actual.dtype), name);
        }
    }

    [Test]
    public void A_prefix_too_many_is_told()
    {
        using var head = TinyNetwork.Head();
        WeightFile.Write(Folder["x.safetensors"], [new("module.1.weight", ones([2, 3])), new("module.1.bias", ones([2]))]);

        Assert.That(
            () => ModelWeights.Load(head, Folder["x.safetensors"]),
            Throws.TypeOf<WeightFileException>().With.Message.EndsWith("The file has these names under 'module.1.': use WeightMapping.None.Under(\"module.1.\") or WeightMapping.Automatic."));
        Assert.That(ModelWeights.Load(head, Folder["x.safetensors"], new() { Mapping = WeightMapping.None.Under("module.1.") }).IsComplete);
    }

    [Test]
    public void Two_names_that_become_one_are_an_error()
    {
        using var head = TinyNetwork.Head();
        WeightFile.Write(Folder["x.safetensors"], [new("weight", ones([2, 3])), new("module.weight", ones([2, 3]))]);

        Assert.That(
            () => ModelWeights.Load(head, Folder["x.safetensors"], new() { Mapping = WeightMapping.None.Rename("module.", ""), Strict = false }),
            Throws.TypeOf<WeightFileException>().With.Message.EndsWith("the mapping gives 'weight' and 'module.weight' the same name 'weight'"));
    }

    [Test]
    public void Damage_found_late_leaves_the_model_as_it_was()
    {
        // The flag comes last, and that it is none shows only in its data.
        using var model = new Flagged();
        byte[] before = TinyNetwork.Snapshot(model);
        ModelWeights.Save(model, Folder["x.safetensors"]);
        using (model)
        {
            byte[] bytes = File.ReadAllBytes(Folder["x.safetensors"]);
            bytes[^1] = 3;
            bytes[^2] = 0x77;
            bytes[^3] = 0x77;
            File.WriteAllBytes(Folder["x.safetensors"], bytes);

            Assert.That(
                () => ModelWeights.Load(model, Folder["x.safetensors"]),
                Throws.TypeOf<WeightFileException>().With.Message.Contains("'flag': expected Boolean values of 0 or 1, got 3"));
            Assert.That(TinyNetwork.Snapshot(model), Is.EqualTo(before));
        }
    }

    [Test]
    public void An_open_file_serves_many_modules()
    {
        using var file = WeightFile.Open(Fixture.Unpack(Folder, "tclr.pth"));
        using var encoder = TinyNetwork.Encoder();
        using var head = TinyNetwork.Head();

        Assert.That(ModelWeights.Load(encoder, file, new() { Mapping = WeightMapping.TclrReferenceEncoder }).IsComplete);
        Assert.That(ModelWeights.Load(head, file, new() { Mapping = WeightMapping.TclrReferenceHead }).IsComplete);
    }

    [Test]
    public void Where_the_weights_are_can_be_said()
    {
        using var head = TinyNetwork.Head();
        string path = Fixture.Unpack(Folder, "tclr.pth");

        Assert.That(
            () => ModelWeights.Load(head, path, new() { StateDict = "optimizer", Mapping = WeightMapping.TclrReferenceHead }),
            Throws.TypeOf<WeightFileException>().With.Message.Contains("got 'state' with a dictionary"));
        Assert.That(ModelWeights.Load(head, path, new() { StateDict = "state_dict", Mapping = WeightMapping.TclrReferenceHead }).IsComplete);
    }

    [Test]
    public void Arguments_are_checked()
    {
        using var head = TinyNetwork.Head();

        Assert.Multiple(() =>
        {
            Assert.That(() => ModelWeights.Save(head, Folder["x.onnx"]), Throws.ArgumentException.With.Message.StartsWith("expected a file name that ends in .safetensors, .pth, .pt, .dat, got"));
            Assert.That(() => ModelWeights.Save(null!, "x.pth"), Throws.ArgumentNullException);
            Assert.That(() => ModelWeights.Load(null!, "x.pth"), Throws.ArgumentNullException);
            Assert.That(() => ModelWeights.Load(head, (WeightFile)null!), Throws.ArgumentNullException);
            Assert.That(() => ModelWeights.Load(head, " "), Throws.ArgumentException);
            Assert.That(() => ModelWeights.Load(head, Folder["none.pth"]), Throws.TypeOf<WeightFileException>().With.Message.Contains("the file cannot be read"));
            Assert.That(() => ModelWeights.Load(head, Folder.Path), Throws.TypeOf<WeightFileException>().With.Message.Contains("the file cannot be read"));
        });
    }

    private sealed class Flagged : nn.Module<Tensor, Tensor>
    {
        private readonly TorchSharp.Modules.Parameter weight = new(ones([1]));
        private readonly Tensor flag = tensor(new[] { true });

        public Flagged()
            : base(nameof(Flagged)) => RegisterComponents();

        public override Tensor forward(Tensor input) => (input * weight).masked_fill(flag, 0);
    }
}
