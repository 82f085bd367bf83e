using System.IO.Compression;
using static TorchSharp.torch;

namespace Tclr.Weights.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class PyTorchCheckpointTests : ScopedFolderTests
{
    [TestCase("types.pth")]
    [TestCase("protocol4.pth")]
    public void Every_type_of_torch_save_is_read(string name)
    {
        using var file = WeightFile.Open(Fixture.Unpack(Folder, name));

        Assert.That(file.Format, Is.EqualTo(WeightFormat.PyTorch));
        Assert.That(file.Tensors.Select(t => t.Name), Is.EqualTo(Fixture.Types.Select(t => t.Name).Concat(["uint8", "bool", "scalar", "empty"])));
        foreach (var (type, scalar) in Fixture.Types)
        {
            Fixture.AssertEqual(file[type].Read(), Fixture.Ramp(scalar, 0, 2, 3, 4), type);
        }

        Assert.That(file["uint8"].Read().data<byte>().ToArray(), Is.EqualTo(Enumerable.Range(0, 24)));
        Assert.That(file["bool"].Read().data<bool>().ToArray(), Is.EqualTo(Enumerable.Range(0, 24).Select(i => i % 3 == 0)));
        Assert.That(file["scalar"].Read().item<long>(), Is.EqualTo(7));
        Assert.That(file["empty"].Shape, Is.EqualTo(new long[] { 0, 3 }));
        Assert.That(file["empty"].Read().numel(), Is.Zero);
    }

    [Test]
    public void Views_of_one_storage_are_read_as_what_they_show()
    {
        using var file = WeightFile.Open(Fixture.Unpack(Folder, "views.pth"));
        var whole = Fixture.Ramp(ScalarType.Float32, 0, 4, 6);

        Fixture.AssertEqual(file["whole"].Read(), whole, "whole");
        Fixture.AssertEqual(file["rows"].Read(), whole.narrow(0, 1, 2), "rows");
        Fixture.AssertEqual(file["columns"].Read(), whole.narrow(1, 2, 2), "columns");
        Fixture.AssertEqual(file["transposed"].Read(), whole.t(), "transposed");
        Fixture.AssertEqual(file["steps"].Read(), tensor(new[] { -2.75f, -2f, 0.25f, 1f }, [2, 2]), "steps");
        Fixture.AssertEqual(file["channels_last"].Read(), Fixture.Ramp(ScalarType.Float32, 0, 2, 3, 2, 4, 5), "channels last");
        Fixture.AssertEqual(file["parameter"].Read(), whole.select(0, 0), "parameter");
        Assert.That(file["bool_columns"].Read().data<bool>().ToArray(), Is.EqualTo(new[] { false, false, true, false, false, true }));
    }

    [Test]
    public void The_checkpoint_of_the_authors_gives_encoder_and_head()
    {
        string path = Fixture.Unpack(Folder, "tclr.pth");
        using var encoder = TinyNetwork.Encoder();
        using var head = TinyNetwork.Head();

        var report = ModelWeights.Load(encoder, path, new() { Mapping = WeightMapping.TclrReferenceEncoder });
        ModelWeights.Load(head, path, new() { Mapping = WeightMapping.TclrReferenceHead });

        Assert.That(report.Matched, Has.Count.EqualTo(6));
        Assert.That(report.Dropped, Is.EqualTo(new[] { "module.1.weight", "module.1.bias" }));
        string[] order = ["0.weight", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked"];
        var state = encoder.state_dict();
        foreach (var (i, name) in order.Index())
        {
            Fixture.AssertEqual(state[name], Fixture.Ramp(state[name].dtype, 10 * i, state[name].shape), name);
        }

        Fixture.AssertEqual(head.state_dict()["weight"], Fixture.Ramp(ScalarType.Float32, 60, 2, 3), "head");
        Fixture.AssertEqual(head.state_dict()["bias"], Fixture.Ramp(ScalarType.Float32, 70, 2), "head");
    }

    [Test]
    public void Plain_values_beside_the_weights_are_metadata()
    {
        using var file = WeightFile.Open(Fixture.Unpack(Folder, "tclr.pth"));

        Assert.That(file.Metadata, Is.EqualTo(new Dictionary<string, string>(StringComparer.Ordinal) { ["epoch"] = "12", ["learning_rate"] = "0.001" }));
    }

    [Test]
    public void What_scripts_keep_beside_the_weights_is_passed_over()
    {
        using var file = WeightFile.Open(Fixture.Unpack(Folder, "extras.pth"));

        Fixture.AssertEqual(file["a"].Read(), Fixture.Ramp(ScalarType.Float32, 0, 2), "a");
        Assert.That(file.Metadata, Is.EqualTo(new Dictionary<string, string>(StringComparer.Ordinal) { ["negative"] = "-1099511627776", ["truth"] = "True" }));
    }

    [Test]
    public void What_is_not_the_weights_is_refused_where_they_are_asked_for()
    {
        string path = Fixture.Unpack(Folder, "tclr.pth");

        Assert.Multiple(() =>
        {
            Assert.That(Refusal(path, "amp_scaler"), Does.Contain("'amp_scaler' is not a dictionary of tensors"));
            Assert.That(Refusal(path, "amp_scaler/_scale"), Does.Contain("there is no key '_scale' in 'amp_scaler/_scale'; the keys there: none"));
            Assert.That(Refusal(path, "model"), Does.Contain("there is no key 'model' in 'model'; the keys there: 'epoch', 'state_dict', 'optimizer', 'learning_rate', 'best_score' and 1 more"));
            Assert.That(Refusal(path, "optimizer"), Does.Contain("expected names and tensors in the state_dict, got 'state' with a dictionary"));
            Assert.That(Refusal(path, "epoch"), Does.Contain("'epoch' is not a dictionary of tensors"));
        });
    }

    [Test]
    public void An_attack_is_refused_by_name_and_not_run()
        => Assert.That(Refusal(Fixture.Unpack(Folder, "attack.pth")), Does.Contain("the pickle asks for 'posix.system', which is neither a tensor nor a plain container: refused"));

    // Where a name stands does not matter: as a value, called, made, or in what nobody asked for.
    [TestCase("cos\nsystem\n.", "os.system")]
    [TestCase("\u0080\u0004\u008C\u0002os\u008C\u0006system\u0093.", "os.system")]
    [TestCase("}X\u0001\0\0\0acos\nsystem\n(X\u0002\0\0\0lstRs.", "os.system")]
    [TestCase("}X\u0001\0\0\0ac__builtin__\neval\n(X\u0001\0\0\01tRs.", "__builtin__.eval")]
    [TestCase("cbuiltins\ngetattr\n.", "builtins.getattr")]
    [TestCase("ctorch\nload\n.", "torch.load")]
    [TestCase("ctorch._utils\n_rebuild_tensor_v3\n.", "torch._utils._rebuild_tensor_v3")]
    [TestCase("ctorch\nQInt8Storage\n.", "torch.QInt8Storage")]
    [TestCase("ctorch\nFloatStorage.__reduce__\n.", "torch.FloatStorage.__reduce__")]
    public void Any_other_name_is_refused(string pickle, string name)
    {
        var error = Error(BadFile.Checkpoint(pickle));

        Assert.That(error.Message, Does.Contain($"'{name}'").And.Contain("refused"));
        Assert.That(error.Offset, Is.GreaterThan(0));
    }

    [Test]
    public void Further_names_are_passed_over_on_request()
    {
        File.WriteAllBytes(Folder["args.pth"], BadFile.Checkpoint("}(X\u0006\0\0\0configcmine\nConfig\n)\u0081}X\u0001\0\0\0xK\u0001sbX\u0005\0\0\0model}u."));

        Assert.That(Refusal(Folder["args.pth"]), Does.Contain("'mine.Config'"));
        using var file = WeightFile.Open(Folder["args.pth"], ignoredTypes: ["mine.Config"]);
        Assert.That(file.Tensors, Is.Empty);
        Assert.That(
            () => WeightFile.Open(Folder["args.pth"], "config", ["mine.Config"]),
            Throws.TypeOf<WeightFileException>().With.Message.Contains("'config' is not a dictionary of tensors"));

        using var empty = nn.Sequential();
        Assert.That(() => ModelWeights.Load(empty, Folder["args.pth"]), Throws.TypeOf<WeightFileException>().With.Message.Contains("'mine.Config'"));
        Assert.That(ModelWeights.Load(empty, Folder["args.pth"], new() { IgnoredTypes = ["mine.Config"] }).IsComplete);
    }

    [Test]
    public void A_whole_pickled_module_is_refused_by_its_class()
        => Assert.That(Refusal(Fixture.Unpack(Folder, "module.pth")), Does.Contain("'torch.nn.modules.linear.Linear'").And.Contain("save the state_dict alone"));

    [Test]
    public void The_format_before_1_6_is_refused_with_the_way_out()
        => Assert.That(Refusal(Fixture.Unpack(Folder, "legacy.pth")), Does.Contain("the file is of the format before PyTorch 1.6; convert it there: torch.save("));

    private static IEnumerable<TestCaseData> Damaged()
    {
        static TestCaseData Case(string name, byte[] file, string reason) => new TestCaseData(file, reason).SetArgDisplayNames(name);
        static TestCaseData Pickle(string name, string pickle, string reason) => Case(name, BadFile.Checkpoint(pickle), reason);
        static byte[] Changed(int from, params byte[] to)
        {
            byte[] file = BadFile.Checkpoint(BadFile.Pickle());
            int at = from < 0 ? file.Length + from : from;
            to.CopyTo(file, at);
            return file;
        }

        const string Negative = "J\u00FF\u00FF\u00FF\u00FF\u0085";
        const string Huge = "\u008A\u0008\0\0\0\0\0\0\0\u007F\u0085";

        yield return Case("no archive", [1, 2, 3, 4], "expected the zip archive that torch.save writes");
        yield return Case("mark of an archive alone", [0x50, 0x4B, 3, 4], "the archive has no end");
        yield return Case("no pickle", BadFile.Zip(CompressionLevel.NoCompression, ("archive/x", [])), "one folder that has 'data.pkl'");
        yield return Case("two pickles", BadFile.Zip(CompressionLevel.NoCompression, ("a/data.pkl", []), ("b/data.pkl", [])), "one folder that has 'data.pkl'");
        yield return Case("record twice", BadFile.Zip(CompressionLevel.NoCompression, ("a/data.pkl", []), ("a/data.pkl", [])), "the archive has 'a/data.pkl' twice");
        yield return Case("big-endian", BadFile.Zip(CompressionLevel.NoCompression, ("a/data.pkl", [(byte)'.']), ("a/byteorder", "big"u8.ToArray())), "expected little-endian data");
        yield return Case("compressed", BadFile.Zip(CompressionLevel.Optimal, ("a/data.pkl", new byte[1000])), "'a/data.pkl' is compressed or encrypted");
        yield return Case("compressed to the same length", BadFile.Patched(BadFile.Checkpoint("}."), "archive/data/0", -36, [8, 0]), "'archive/data/0' is compressed or encrypted");
        yield return Case("encrypted", BadFile.Patched(BadFile.Checkpoint("}."), "archive/data/0", -38, [1, 0]), "'archive/data/0' is compressed or encrypted");
        yield return Case("record inside another", BadFile.Patched(BadFile.Checkpoint(BadFile.LocalRecord("archive/data/0")), "archive/data/0", -4, [46, 0, 0, 0]), "'archive/data/0' overlaps the record before it");
        yield return Case("record elsewhere", BadFile.Patched(BadFile.Checkpoint("}."), "archive/data/0", -4, [0, 0, 0, 0]), "expected the record 'archive/data/0', got one of another name");
        yield return Case("more records than fit", Changed(-12, 0xFF, 0x7F), "a directory of 32767 records");
        yield return Case("directory elsewhere", Changed(-6, 0xFF, 0xFF, 0xFF, 0x7F), "does not fit into the archive");
        yield return Case("entry is none", Changed(-6, 0), "expected an entry of the archive's directory");
        yield return Pickle("empty", "", "instruction of the pickle: expected 1 bytes, 0 are left");
        yield return Pickle("no end", "}", "instruction of the pickle");
        yield return Pickle("nothing made", ".", "does not end with a single object");
        yield return Pickle("two objects", "}}.", "does not end with a single object");
        yield return Pickle("open run", "}(.", "does not end with a single object");
        yield return Pickle("more after the end", "}.}", "1 bytes follow the end");
        yield return Pickle("unknown instruction", "i.", "the pickle has the instruction 0x69");
        yield return Pickle("inst", "(ios\nsystem\n.", "the pickle has the instruction 0x69");
        yield return Pickle("extension", "\u0082\u0001.", "the pickle has the instruction 0x82");
        yield return Pickle("protocol 6", "\u0080\u0006}.", "expected a pickle of protocol 5 at most, got 6");
        yield return Pickle("pop of nothing", "0.", "pops an object that it did not push");
        yield return Pickle("pop below a mark", "}(0.", "pops an object that it did not push");
        yield return Pickle("mark missing", "}u.", "pops a mark that it did not push");
        yield return Pickle("recall of nothing", "h\u0005.", "reads object 5 of its memo, which it did not write");
        yield return Pickle("items of a number", "K\u0001K\u0001K\u0001s.", "sets items of something other than a dictionary");
        yield return Pickle("half an item", "}(K\u0001u.", "sets items of something other than a dictionary");
        yield return Pickle("append to a tuple", ")K\u0001a.", "appends to something other than a list");
        yield return Pickle("text beyond the end", "X\u00FF\u00FF\u00FF\u007F.", "text: expected 2147483647 bytes");
        yield return Pickle("text of 2^63", "\u008D\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF\u00FF.", "text: expected 18446744073709551615 bytes");
        yield return Pickle("text of bad UTF-8", "X\u0001\0\0\0\u00FF.", "text: expected UTF-8");
        yield return Pickle("name without end", "ctorch", "expected a line");
        yield return Pickle("call of a number", "K\u0001)R.", "the pickle: expected the name of a class or function");
        yield return Pickle("call without tuple", "ccollections\nOrderedDict\nK\u0001R.", "the pickle: expected a tuple of arguments");
        yield return Pickle("dictionary of something", "ccollections\nOrderedDict\nK\u0001\u0085R.", "calls 'collections.OrderedDict' in a way");
        yield return Pickle("call of a storage's class", "ctorch\nFloatStorage\n)R.", "calls 'torch.FloatStorage' in a way");
        yield return Pickle("state of a number", "K\u0001}b.", "sets the state of something that has none");
        yield return Pickle("root is no dictionary", "K\u0001.", "expected a dictionary, as a state_dict or a checkpoint");
        yield return Pickle("no weights", "}X\u0001\0\0\0aK\u0001s.", "the checkpoint has no 'state_dict', 'model_state_dict', 'model_state', 'model'; it has 'a': set WeightLoadOptions.StateDict to the key of the weights");
        yield return Pickle("reference to something else", "K\u0001Q.", "refers to something other than a storage");
        yield return Pickle("record missing", BadFile.Pickle(key: "1"), "the archive lacks the record 'archive/data/1'");
        yield return Pickle("record too short", BadFile.Pickle(elements: "K\u0003"), "the record 'archive/data/0' has 8 bytes, the pickle says 3 elements of 4");
        yield return Pickle("record too long", BadFile.Pickle(sizes: "K\u0001\u0085", elements: "K\u0001"), "has 8 bytes, the pickle says 1 elements of 4");
        yield return Pickle("record of another type", BadFile.Pickle(type: "DoubleStorage"), "the pickle says 2 elements of 8");
        yield return Pickle("negative elements", BadFile.Pickle(elements: Negative[..^1]), "the pickle says -1 elements");
        yield return Pickle("shape beyond the storage", BadFile.Pickle(sizes: "K\u0003\u0085"), "a tensor [3] has more elements than its storage of 2");
        yield return Pickle("negative size", BadFile.Pickle(sizes: Negative), "a tensor [-1] has more elements");
        yield return Pickle("huge size", BadFile.Pickle(sizes: Huge), "has more elements than its storage of 2");
        yield return Pickle("huge size, stride 0", BadFile.Pickle(sizes: Huge, strides: "K\0\u0085"), "has more elements than its storage of 2");
        yield return Pickle("negative stride", BadFile.Pickle(strides: Negative), "reaches outside its storage of 2 elements");
        yield return Pickle("huge stride", BadFile.Pickle(strides: Huge), "reaches outside its storage of 2 elements");
        yield return Pickle("offset beyond the storage", BadFile.Pickle(offset: "K\u0001"), "from 1 on reaches outside its storage");
        yield return Pickle("negative offset", BadFile.Pickle(offset: Negative[..^1]), "from -1 on reaches outside its storage");
        yield return Pickle("more strides than sizes", BadFile.Pickle(strides: "K\u0001K\u0001\u0086"), "sizes and as many strides, 64 at most");
        yield return Pickle("size of text", BadFile.Pickle(sizes: "X\u0001\0\0\02\u0085"), "something other than a whole number in a shape");
        yield return Pickle("name is a number", BadFile.Pickle().Replace("X\u0001\0\0\0a", "K\u0001", StringComparison.Ordinal), "expected names and tensors in the state_dict, got '1' with a tensor");
        yield return Pickle("value is a number", BadFile.Pickle()[..^1] + "X\u0001\0\0\0bK\u0001s.", "got 'b' with '1'");
        yield return Pickle("value is opaque", BadFile.Pickle()[..^1] + "X\u0001\0\0\0bcnumpy\ndtype\n)Rs.", "got 'b' with an object of 'numpy.dtype'");
        yield return Pickle("name twice", BadFile.Pickle()[..^1] + BadFile.Pickle()[3..], "'a' occurs twice");
    }

    [TestCaseSource(nameof(Damaged))]
    public void A_damaged_file_is_refused_with_the_reason(byte[] bytes, string reason) => Assert.That(Error(bytes).Message, Does.Contain(reason));

    [Test]
    public void The_large_numbers_of_an_archive_stand_in_its_zip64_end()
    {
        byte[] bytes = Fixture.Bytes("types.pth");
        bytes.AsSpan()[^14..^2].Fill(0xFF);
        File.WriteAllBytes(Folder["large.pth"], bytes);

        using var file = WeightFile.Open(Folder["large.pth"]);
        Assert.That(file.Tensors, Has.Count.EqualTo(12));
    }

    [Test]
    public void The_undamaged_pickle_of_these_tests_is_read()
    {
        File.WriteAllBytes(Folder["good.pth"], BadFile.Checkpoint(BadFile.Pickle()));

        using var file = WeightFile.Open(Folder["good.pth"]);
        Fixture.AssertEqual(file["a"].Read(), zeros([2]), "a");
    }

    [TestCase("state_dict")]
    [TestCase("model_state_dict")]
    [TestCase("model_state")]
    [TestCase("model")]
    public void Weights_are_found_beside_other_tensors(string place)
    {
        string weights = BadFile.Pickle()[2..^1], best = BadFile.Pickle()[3..^1].Replace("X\u0001\0\0\0a", "X\u0004\0\0\0best", StringComparison.Ordinal);
        File.WriteAllBytes(Folder["best.pth"], BadFile.Checkpoint($"}}X{(char)place.Length}\0\0\0{place}{weights}s{best}."));

        using var file = WeightFile.Open(Folder["best.pth"]);
        Assert.That(file.Tensors.Select(stored => stored.Name), Is.EqualTo(new[] { "a" }));
    }

    // PyTorch 2 writes tensors and parameters with attributes of their own in these ways.
    [TestCase("ctorch._tensor\n_rebuild_from_type_v2\n(ctorch._utils\n_rebuild_tensor_v2\nctorch\nTensor\n", "}X\u0001\0\0\0xK\u0001stR")]
    [TestCase("ctorch._utils\n_rebuild_parameter_with_state\n(ctorch._utils\n_rebuild_tensor_v2\n", "R\u0088}}tR")]
    public void Tensors_with_attributes_are_read(string before, string after)
    {
        const string Tensor = "((X\u0007\0\0\0storagectorch\nFloatStorage\nX\u0001\0\0\00X\u0003\0\0\0cpuK\u0002tQK\0K\u0002\u0085K\u0001\u0085\u0089ccollections\nOrderedDict\n)Rt";
        File.WriteAllBytes(Folder["with.pth"], BadFile.Checkpoint($"}}X\u0001\0\0\0a{before}{Tensor}{after}s."));

        using var file = WeightFile.Open(Folder["with.pth"]);
        Fixture.AssertEqual(file["a"].Read(), zeros([2]), "a");
    }

    // Two values, every second of four bytes; what lies between them belongs to none.
    [TestCase(0, 9, 1, null)]
    [TestCase(2, 0, 1, 2)]
    [TestCase(0, 9, 255, 255)]
    public void Truth_values_other_than_0_and_1_are_refused(byte first, byte between, byte second, int? refused)
    {
        byte[] bytes = BadFile.Checkpoint(BadFile.Pickle(strides: "K\u0002\u0085", elements: "K\u0004", type: "BoolStorage"), storageBytes: 4);
        int at = bytes.AsSpan().IndexOf("archive/data/0"u8) + "archive/data/0".Length;
        (bytes[at], bytes[at + 1], bytes[at + 2]) = (first, between, second);
        File.WriteAllBytes(Folder["bool.pth"], bytes);
        using var file = WeightFile.Open(Folder["bool.pth"]);

        if (refused is null)
        {
            Assert.That(file["a"].Read().data<bool>().ToArray(), Is.EqualTo(new[] { false, true }));
        }
        else
        {
            Assert.That(() => file["a"].Read(), Throws.TypeOf<WeightFileException>().With.Message.Contains($"'a': expected Boolean values of 0 or 1, got {refused}"));
        }
    }

    [TestCase("types.pth")]
    [TestCase("tclr.pth")]
    public void A_file_cut_anywhere_is_refused(string name)
    {
        byte[] whole = Fixture.Bytes(name);
        for (int length = 0; length < whole.Length; length += length < whole.Length - 600 ? 97 : 1)
        {
            File.WriteAllBytes(Folder["cut.pth"], whole[..length]);
            Assert.That(() => WeightFile.Open(Folder["cut.pth"]).Dispose(), Throws.TypeOf<WeightFileException>(), $"{length} bytes");
        }
    }

    [Test]
    public void What_is_written_is_read_back()
    {
        var tensors = Fixture.Types.ToDictionary(t => t.Name, t => Fixture.Ramp(t.Type, 0, 2, 3, 4), StringComparer.Ordinal);
        tensors["bool"] = tensor(new[] { true, false, true });
        tensors["scalar"] = tensor(7L);
        tensors["empty"] = zeros([0, 3]);
        tensors["transposed"] = Fixture.Ramp(ScalarType.Float32, 0, 4, 6).t();
        tensors["naïve 名"] = ones([1]);

        WeightFile.Write(Folder["all.pth"], tensors);
        using var file = WeightFile.Open(Folder["all.pth"]);

        Assert.That(file.Tensors.Select(stored => stored.Name), Is.EqualTo(tensors.Keys));
        foreach (var (name, expected) in tensors)
        {
            Fixture.AssertEqual(file[name].Read(), expected, name);
        }
    }

    [Test]
    public void What_the_format_lacks_is_not_written()
    {
        Assert.That(() => WeightFile.Write(Folder["x.pth"], [new("a", ones([1])), new("a", ones([1]))]), Throws.ArgumentException);
        Assert.That(() => WeightFile.Write(Folder["none/x.pth"], [new("a", ones([1]))]), Throws.TypeOf<WeightFileException>());
        Assert.That(Directory.GetFiles(Folder.Path), Is.Empty);
    }

    private static string Refusal(string path, string? stateDict = null)
        => Assert.Throws<WeightFileException>(() => WeightFile.Open(path, stateDict).Dispose())!.Message;

    private WeightFileException Error(byte[] bytes)
    {
        File.WriteAllBytes(Folder["bad.pth"], bytes);
        return Assert.Throws<WeightFileException>(() => WeightFile.Open(Folder["bad.pth"]).Dispose())!;
    }
}
