using Tclr.Models;
using static TorchSharp.torch;

namespace Tclr.Weights.Tests;

/// <summary>Weights of other projects, found and mapped where there is one way.</summary>
[NoTensorLeaks(Parameters = true)]
public sealed class AutomaticMappingTests : ScopedTests
{
    private static readonly WeightLoadOptions Automatic = new() { Mapping = WeightMapping.Automatic };

    private TemporaryFolder folder = null!;
    private VideoEncoder saved = null!;
    private VideoEncoder loaded = null!;

    [SetUp]
    public void Make()
    {
        folder = new TemporaryFolder();
        saved = VideoEncoders.SmallR3D();
        loaded = VideoEncoders.SmallR3D();
    }

    [TearDown]
    public void Release()
    {
        saved.Dispose();
        loaded.Dispose();
        folder.Dispose();
    }

    [TestCase("", "", "fc.weight fc.bias")]
    [TestCase("", "module.", "")]
    [TestCase("", "_orig_mod.", "_orig_mod.fc.weight")]
    [TestCase("", "0.", "1.fc1.weight 1.bn1.bias")]
    [TestCase("state_dict", "module.0.", "module.1.fc1.weight")]
    [TestCase("state_dict", "model.", "model.head.weight criterion.weight")]
    [TestCase("model_state", "", "head.projection.weight")]
    [TestCase("state_dict", "backbone.", "cls_head.fc_cls.weight")]
    [TestCase("network/encoder", "module._orig_mod.", "")]
    [TestCase("state_dict", "module.encoder_q.0.", "module.encoder_q.2.weight module.queue module.queue_ptr")]
    public void Weights_are_found_where_one_place_fits(string place, string prefix, string others)
    {
        string[] extra = others.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Write(place, [.. Under(prefix), .. extra.Select(name => KeyValuePair.Create(name, ones([2, 3])))]);

        var report = ModelWeights.Load(loaded, folder["x.pth"], Automatic);

        Assert.Multiple(() =>
        {
            Assert.That(TinyNetwork.Snapshot(loaded), Is.EqualTo(TinyNetwork.Snapshot(saved)));
            Assert.That((report.StateDict, report.Prefix), Is.EqualTo((place.Length == 0 ? null : place, prefix)));
            Assert.That(report.Dropped, Is.EqualTo(extra));
            Assert.That(report.IsComplete && report.Converted.Count == 0);
            Assert.That(() => ModelWeights.Load(loaded, folder["x.pth"]), prefix.Length + extra.Length == 0 ? Throws.Nothing : Throws.InstanceOf<WeightFileException>(), "strict by default");
        });
    }

    [Test]
    public void Of_the_encoders_of_moco_the_trained_one_is_taken()
    {
        var keys = Under("module.encoder_k.0.").Select(entry => KeyValuePair.Create(entry.Key, entry.Value + 1));
        Write("state_dict", [new("module.queue", ones([2, 3])), .. keys, .. Under("module.encoder_q.0.")]);

        var report = ModelWeights.Load(loaded, folder["x.pth"], Automatic);

        Assert.That(TinyNetwork.Snapshot(loaded), Is.EqualTo(TinyNetwork.Snapshot(saved)));
        Assert.That(report.ToString(), Does.Contain("matched in 'state_dict' under 'module.encoder_q.0.', ").And.Contain("left out ('module.queue', 'module.encoder_k.0."));
        Assert.That(ModelWeights.Load(loaded, folder["x.pth"], new() { Mapping = WeightMapping.Automatic.Under("module.encoder_k.") }).Prefix, Is.EqualTo("0."));
        Assert.That(TinyNetwork.Snapshot(loaded), Is.Not.EqualTo(TinyNetwork.Snapshot(saved)));
    }

    [TestCase("module.", "_q")]
    [TestCase("", "_q")]
    [TestCase("module.", "")]
    public void Encoder_and_heads_of_DualVar_are_found(string parallel, string query)
    {
        using var clip = ProjectionHeads.DualVarClip(64, 8, 4);
        using var series = ProjectionHeads.DualVarSeries(64, 8, segments: 2, embedding: 4);
        using var otherClip = ProjectionHeads.DualVarClip(64, 8, 4);
        using var otherSeries = ProjectionHeads.DualVarSeries(64, 8, segments: 2, embedding: 4);
        KeyValuePair<string, Tensor>[] trained = [.. Named("encoder_q.0.", saved), .. Named("encoder_q.", clip), .. Named($"series_proj_head{query}.", series)];

        // The MoCo form has a key network and queues beside them.
        KeyValuePair<string, Tensor>[] keys = query.Length == 0 ? [] :
        [
            .. trained.Select(entry => KeyValuePair.Create(entry.Key.Replace("_q.", "_k.", StringComparison.Ordinal), entry.Value + 1)),
            new($"{parallel}queue_ptr", zeros([1], ScalarType.Int64)), new($"{parallel}queue", ones([4, 16])), new($"{parallel}series_queue", ones([8, 16])),
        ];
        Write("state_dict", [.. keys, .. trained]);

        foreach (var (mappings, i) in new[] { (WeightMapping.Automatic, WeightMapping.Automatic, WeightMapping.Automatic), (WeightMapping.DualVarEncoder, WeightMapping.DualVarClipHead, WeightMapping.DualVarSeriesHead) }.Select((mappings, i) => (mappings, i)))
        {
            using var scope = NewDisposeScope();
            foreach (var parameter in loaded.parameters().Concat(otherClip.parameters()).Concat(otherSeries.parameters()))
            {
                using var unrecorded = no_grad();
                parameter.zero_();
            }

            Assert.That(ModelWeights.Load(loaded, folder["x.pth"], new() { Mapping = mappings.Item1 }).IsComplete);
            Assert.That(ModelWeights.Load(otherClip, folder["x.pth"], new() { Mapping = mappings.Item2 }).IsComplete);
            Assert.That(ModelWeights.Load(otherSeries, folder["x.pth"], new() { Mapping = mappings.Item3 }).IsComplete);
            Assert.That(TinyNetwork.Snapshot(loaded), Is.EqualTo(TinyNetwork.Snapshot(saved)), $"encoder {i}");
            Assert.That(TinyNetwork.Snapshot(otherClip), Is.EqualTo(TinyNetwork.Snapshot(clip)), $"clip head {i}");
            Assert.That(TinyNetwork.Snapshot(otherSeries), Is.EqualTo(TinyNetwork.Snapshot(series)), $"series head {i}");
        }

        IEnumerable<KeyValuePair<string, Tensor>> Named(string prefix, nn.Module module)
            => module.state_dict().Select(entry => KeyValuePair.Create(parallel + prefix + entry.Key, entry.Value));
    }

    [TestCase(ScalarType.Float16)]
    [TestCase(ScalarType.BFloat16)]
    public void Half_precision_is_widened(ScalarType type)
    {
        WeightFile.Write(folder["x.safetensors"], Under("module.").Select(entry => KeyValuePair.Create(entry.Key, entry.Value.is_floating_point() ? entry.Value.to(type) : entry.Value)));

        var report = ModelWeights.Load(loaded, folder["x.safetensors"], Automatic);

        int floats = saved.state_dict().Values.Count(value => value.is_floating_point());
        Assert.That(report.Converted, Has.Count.EqualTo(floats).And.All.Matches<WeightDifference>(conversion => (conversion.FoundType, conversion.ExpectedType) == (type, ScalarType.Float32)));
        Assert.That(report.ToString(), Does.Contain($"{floats} converted from {type} to Float32"));
        Assert.That(loaded.state_dict()["stem.0.weight"].Equals(saved.state_dict()["stem.0.weight"].to(type).to(ScalarType.Float32)));
    }

    [Test]
    public void Other_conversions_are_asked_for()
    {
        Write("", [.. Under("module.").Select(entry => KeyValuePair.Create(entry.Key, entry.Value.is_floating_point() ? entry.Value.to(ScalarType.Float64) : entry.Value))]);

        Assert.That(() => ModelWeights.Load(loaded, folder["x.pth"], Automatic), Throws.TypeOf<WeightFileException>().With.Message.Contains("Set ConvertTypes to convert"));
        Assert.That(ModelWeights.Load(loaded, folder["x.pth"], Automatic with { ConvertTypes = true }).Converted, Is.Not.Empty);
        Assert.That(TinyNetwork.Snapshot(loaded), Is.EqualTo(TinyNetwork.Snapshot(saved)));
    }

    [Test]
    public void Several_places_are_named_and_none_is_taken()
    {
        byte[] before = TinyNetwork.Snapshot(loaded);
        Write("model", [.. Under("student."), .. Under("teacher.").Select(entry => KeyValuePair.Create(entry.Key, entry.Value + 1))]);

        var error = Assert.Throws<WeightFileException>(() => ModelWeights.Load(loaded, folder["x.pth"], Automatic))!;

        Assert.That(error.Message, Does.Contain("the weights fit SmallR3D at 2 places: 'model' under 'student.', 'model' under 'teacher.'. Choose one by WeightMapping.Automatic.Under(\"student.\")"));
        Assert.That(error.Places, Is.EqualTo(new (string?, string)[] { ("model", "student."), ("model", "teacher.") }));
        Assert.That(TinyNetwork.Snapshot(loaded), Is.EqualTo(before));
        Assert.That(ModelWeights.Load(loaded, folder["x.pth"], new() { Mapping = WeightMapping.Automatic.Under("teacher."), StateDict = "model" }).StateDict, Is.EqualTo("model"));
    }

    [Test]
    public void The_same_tensors_at_two_places_are_one_way()
    {
        NestedCheckpoint.Write(folder["x.pth"], Under("module."), "model", "best/state_dict");

        Assert.That(ModelWeights.Load(loaded, folder["x.pth"], Automatic).StateDict, Is.EqualTo("model"));
        Assert.That(TinyNetwork.Snapshot(loaded), Is.EqualTo(TinyNetwork.Snapshot(saved)));
    }

    [Test]
    public void Wrappers_inside_names_are_taken_away()
    {
        Write("state_dict", [.. Under("net.").Select(entry => KeyValuePair.Create(entry.Key.Replace("layer1.", "layer1._checkpoint_wrapped_module.", StringComparison.Ordinal), entry.Value))]);

        Assert.That(ModelWeights.Load(loaded, folder["x.pth"], Automatic).Prefix, Is.EqualTo("net."));
        Assert.That(TinyNetwork.Snapshot(loaded), Is.EqualTo(TinyNetwork.Snapshot(saved)));
    }

    [Test]
    public void A_larger_network_does_not_fit()
    {
        byte[] before = TinyNetwork.Snapshot(loaded);
        Write("", [.. Under("module."), new("module.layer1.1.conv1.0.weight", ones([2, 3]))]);

        Assert.That(
            () => ModelWeights.Load(loaded, folder["x.pth"], Automatic),
            Throws.TypeOf<WeightFileException>().With.Message.Contains("the file has more of the same layers ('layer1.1.conv1.0.weight'): it is of a larger network"));
        Assert.That(TinyNetwork.Snapshot(loaded), Is.EqualTo(before));
    }

    [Test]
    public void What_is_missing_or_of_another_shape_is_named_at_the_nearest_place()
    {
        Write("state_dict", [.. Under("module.").Skip(1), new("module.stem.0.weight", ones([2, 3]))]);
        Assert.That(
            () => ModelWeights.Load(loaded, folder["x.pth"], Automatic),
            Throws.TypeOf<WeightFileException>().With.Message.Contains("the nearest are").And.Message.Contains("in 'state_dict' under 'module.', 1 of another shape or type ('stem.0.weight'"));

        Write("", [new("other.weight", ones([2]))]);
        Assert.That(
            () => ModelWeights.Load(loaded, folder["x.pth"], Automatic),
            Throws.TypeOf<WeightFileException>().With.Message.Contains("under any prefix, got 'other.weight'"));
    }

    [Test]
    public void Types_are_reported_without_automatic_mapping_too()
    {
        WeightFile.Write(folder["x.safetensors"], Under("").Select(entry => KeyValuePair.Create(entry.Key, entry.Value.is_floating_point() ? entry.Value.to(ScalarType.Float16) : entry.Value)));

        Assert.That(() => ModelWeights.Load(loaded, folder["x.safetensors"]), Throws.TypeOf<WeightFileException>());
        Assert.That(ModelWeights.Load(loaded, folder["x.safetensors"], new() { ConvertTypes = true }).Converted, Is.Not.Empty);
    }

    [Test]
    public void Rules_come_first()
    {
        Write("", [.. Under("module."), new("module.layer1.1.conv1.0.weight", ones([2, 3]))]);

        Assert.That(ModelWeights.Load(loaded, folder["x.pth"], new() { Mapping = WeightMapping.Automatic.Drop("module.layer1.1.") }).Prefix, Is.EqualTo("module."));
        Assert.That(WeightMapping.Automatic.Under("a.").Map(["a.b"])[0]?.Name, Is.EqualTo("b"));
    }

    private IEnumerable<KeyValuePair<string, Tensor>> Under(string prefix) => saved.state_dict().Select(entry => KeyValuePair.Create(prefix + entry.Key, entry.Value));

    private void Write(string place, IReadOnlyList<KeyValuePair<string, Tensor>> tensors)
    {
        if (place.Length == 0)
        {
            WeightFile.Write(folder["x.pth"], tensors);
        }
        else
        {
            NestedCheckpoint.Write(folder["x.pth"], tensors, place);
        }
    }
}
