using System.Text;
using static TorchSharp.torch;

namespace Tclr.Weights.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class TensorFlowCheckpointTests : ScopedFolderTests
{
    private const string Prefix = "ckpt-71488";

    // The check value of the catalog of checksums, and RFC 3720's zeros.
    [Test]
    public void The_checksum_is_that_of_Castagnoli()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Crc32C.Of("123456789"u8), Is.EqualTo(0xE3069283));
            Assert.That(Crc32C.Of(new byte[32]), Is.EqualTo(0x8A9136AA));
            Assert.That(Crc32C.Of("6789"u8, Crc32C.Of("12345"u8)), Is.EqualTo(0xE3069283), "in two parts");
            Assert.That(Crc32C.Of([]), Is.Zero);
            Assert.That(TensorFlowBundle.Checksum("123456789"u8), Is.EqualTo(0xE3069283), "that of the tests too");
            Assert.That(Crc32C.Unmask(BitConverter.ToUInt32(TensorFlowBundle.Masked(0xE3069283))), Is.EqualTo(0xE3069283));
        });
    }

    [TestCase(1, 16, 262_144, 1)]
    [TestCase(3, 16, 262_144, 1)]
    [TestCase(1, 1, 64, 64)]
    [TestCase(2, 2, 1, 4)]
    public void Every_type_and_shape_is_read_bit_for_bit(int shards, int restartInterval, int blockBytes, int alignment)
    {
        var tensors = Fixture.Types.ToDictionary(t => "net/layer/" + t.Name, t => Fixture.Ramp(t.Type, 0, 2, 3, 4), StringComparer.Ordinal);
        tensors["net/uint8"] = tensor(new byte[] { 0, 1, 128, 255, 7 });
        tensors["net/bool"] = tensor(new[] { true, false, true });
        tensors["scalar"] = tensor(7L);
        tensors["empty"] = zeros([0, 3]);
        tensors["net/strange"] = tensor(new[] { float.NaN, float.NegativeInfinity, -0f, float.Epsilon });
        new TensorFlowBundle(shards) { RestartInterval = restartInterval, BlockBytes = blockBytes, Alignment = alignment }.AddObjectGraph().Add(tensors).Write(Folder[Prefix]);

        using var file = WeightFile.Open(Folder[Prefix]);

        Assert.That(file.Format, Is.EqualTo(WeightFormat.TensorFlow));
        Assert.That(file.Metadata, Is.Empty);
        Assert.That(file.Tensors.Select(stored => stored.Name), Is.EqualTo(tensors.Keys.Order(StringComparer.Ordinal)), "in the order of the names, without the object graph");
        foreach (var (name, expected) in tensors)
        {
            Fixture.AssertEqual(file[name].Read(), expected, name);
        }
    }

    [TestCase("ckpt-71488")]
    [TestCase("ckpt-71488.index")]
    [TestCase("ckpt-71488.data-00000-of-00002")]
    [TestCase("ckpt-71488.data-00001-of-00002")]
    public void Any_path_of_a_checkpoint_opens_it(string name)
    {
        new TensorFlowBundle(2).Add("a", ones([2])).Add("b", ones([3]), shard: 1).Write(Folder[Prefix]);

        using var file = WeightFile.Open(Folder[name]);

        Assert.That(file.Path, Is.EqualTo(Folder["ckpt-71488.index"]));
        Fixture.AssertEqual(file["b"].Read(), ones([3]), "b");
        Assert.That(WeightFile.Exists(Folder[name]));
        Assert.That(WeightFile.Exists(Folder["ckpt-7"]), Is.False);
        Assert.That(WeightFile.Exists(Folder.Path), Is.False);
    }

    [Test]
    public void A_file_of_the_prefixs_name_comes_first()
    {
        new TensorFlowBundle().Add("a", ones([2])).Write(Folder[Prefix]);
        WeightFile.Write(Folder["x.safetensors"], [new("c", ones([1]))]);
        File.Move(Folder["x.safetensors"], Folder[Prefix]);

        using var file = WeightFile.Open(Folder[Prefix]);

        Assert.That(file.Format, Is.EqualTo(WeightFormat.SafeTensors));
    }

    [Test]
    public void A_part_of_a_checkpoint_is_named_before_any_work()
    {
        new TensorFlowBundle(3).Add("a", ones([2])).Write(Folder[Prefix]);
        File.Delete(Folder["ckpt-71488.data-00001-of-00003"]);

        Assert.That(Refusal(), Does.EndWith($"the data file '{Folder["ckpt-71488.data-00001-of-00003"]}' is missing: put it beside the index; the checkpoint has 3 in all"));

        File.Delete(Folder["ckpt-71488.index"]);
        string missing = $"the index '{Folder["ckpt-71488.index"]}' of this TensorFlow checkpoint is missing: put it beside the data files";
        Assert.Multiple(() =>
        {
            Assert.That(Refusal(Folder[Prefix]), Does.EndWith(missing));
            Assert.That(Refusal(Folder["ckpt-71488.index"]), Does.EndWith(missing));
            Assert.That(Refusal(Folder["ckpt-71488.data-00000-of-00003"]), Does.EndWith(missing));
            Assert.That(Refusal(Folder["ckpt-9"]), Does.Contain("the file cannot be read"));
            Assert.That(Refusal(Folder["none/ckpt-9"]), Does.Contain("the file cannot be read"));
        });
    }

    [Test]
    public void An_index_needs_its_name()
    {
        new TensorFlowBundle().Add("a", ones([2])).Write(Folder[Prefix]);
        File.Move(Folder["ckpt-71488.index"], Folder["x.bin"]);

        Assert.That(Refusal(Folder["x.bin"]), Does.EndWith("expected a name ending in '.index', by which its data files are found"));
    }

    [Test]
    public void Checkpoints_are_read_only()
    {
        Assert.That(() => WeightFile.Write(Folder["x.index"], []), Throws.ArgumentException.With.Message.Contains("expected a file name that ends in .safetensors, .pth, .pt, .dat, got"));
        Assert.That(() => WeightFile.Write(new MemoryStream(), WeightFormat.TensorFlow, []), Throws.ArgumentException.With.Message.StartsWith("TensorFlow checkpoints are read only"));
    }

    [Test]
    public void Damaged_data_is_found_before_anything_is_loaded()
    {
        using var head = TinyNetwork.Head();
        byte[] before = TinyNetwork.Snapshot(head);
        new TensorFlowBundle().Add("bias", ones([2])).Add("weight", ones([2, 3])).Write(Folder[Prefix]);
        string path = Folder["ckpt-71488.data-00000-of-00001"];
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);

        Assert.That(
            () => ModelWeights.Load(head, Folder[Prefix]),
            Throws.TypeOf<WeightFileException>().With.Message.Match($"^'{path}', byte 8: 'weight': the data is damaged: expected CRC-32C [0-9a-f]{{8}}, got [0-9a-f]{{8}}$"));
        Assert.That(TinyNetwork.Snapshot(head), Is.EqualTo(before));
        using var file = WeightFile.Open(Folder[Prefix]);
        Fixture.AssertEqual(file["bias"].Read(), ones([2]), "the others are sound");
        Assert.That(() => file["weight"].Read(), Throws.TypeOf<WeightFileException>());
        Assert.That(() => file["weight"].CopyTo(ones([2, 3])), Throws.TypeOf<WeightFileException>());
    }

    [Test]
    public void A_closed_checkpoint_is_not_read()
    {
        new TensorFlowBundle().Add("a", ones([2])).Write(Folder[Prefix]);
        var file = WeightFile.Open(Folder[Prefix]);
        file.Dispose();
        file.Dispose();

        Assert.That(() => file["a"].Read(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Data_that_is_cut_short_is_refused()
    {
        new TensorFlowBundle(2).Add("a", ones([2])).Add("b", ones([5]), shard: 1).Write(Folder[Prefix]);
        using (var data = File.OpenWrite(Folder["ckpt-71488.data-00001-of-00002"]))
        {
            data.SetLength(19);
        }

        Assert.That(Refusal(), Is.EqualTo($"'{Folder["ckpt-71488.data-00001-of-00002"]}', byte 0: 'b': expected 20 bytes here, the file has 19 in all: it is truncated"));
    }

    private static IEnumerable<TestCaseData> BadEntries()
    {
        static TestCaseData Case(string name, byte[] entry, string reason) => new TestCaseData(entry, reason).SetArgDisplayNames(name);
        static byte[] Entry(int type = 1, long[]? shape = null, int shard = 0, long offset = 0, long size = 8) => TensorFlowBundle.Entry(type, shape ?? [2], shard, offset, size, 0);

        yield return Case("unknown type", Entry(type: 23), "'a': expected a type of F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL, got the DataType 23 of TensorFlow");
        yield return Case("no type", Entry(type: 0), "got the DataType 0 of TensorFlow");
        yield return Case("size of another shape", Entry(size: 12), "'a': F32 [2] does not have 12 bytes");
        yield return Case("shape that overflows", Entry(shape: [1L << 40, 1L << 40]), "does not have 8 bytes");
        yield return Case("negative size", Entry(size: -8), "'a': expected a number below 2^63");
        yield return Case("negative dimension", Entry(shape: [-2]), "'a': expected a number below 2^63");
        yield return Case("negative offset", Entry(offset: -4), "'a': expected a number below 2^63");
        yield return Case("offset beyond the end", Entry(offset: 9), "'a': expected 8 bytes here, the file has 16 in all");
        yield return Case("offset that overflows", Entry(offset: long.MaxValue), "'a': expected 8 bytes here, the file has 16 in all");
        yield return Case("another data file", Entry(shard: 1), "'a': expected a data file of 0 to 0, got 1");
        yield return Case("overlap", Entry(offset: 7), "overlaps the tensor before it, which ends at");
        yield return Case("unknown rank", [.. Entry(shape: []), .. TensorFlowBundle.Field(2, TensorFlowBundle.Field(3, 1))], "'a': expected a shape, got an unknown one");
        yield return Case("65 dimensions", Entry(shape: [2, .. Enumerable.Repeat(1L, 64)]), "'a': expected 64 dimensions at most");
        yield return Case("partitioned", [.. Entry(), .. TensorFlowBundle.Field(7, [])], "'a': the tensor is partitioned, which is not supported: save it in one piece");
        yield return Case("shape that is a number", [.. Entry(), .. TensorFlowBundle.Field(2, 5)], "'a': expected a message in field 2");
        yield return Case("type that is a message", [.. Entry(), .. TensorFlowBundle.Field(1, [])], "'a': expected a number in field 1");
        yield return Case("group", [.. Entry(), 0x0B], "'a': expected a field of a protocol buffer, got one of wire type 3");
        yield return Case("message beyond the end", [.. Entry(), 0x12, 0x7F], "'a': expected 127 bytes, 0 are left");
        yield return Case("number without end", [.. Entry(), 0x08, 0xFF], "'a': expected 1 bytes, 0 are left");
    }

    [TestCaseSource(nameof(BadEntries))]
    public void A_bad_entry_is_refused_with_the_reason(byte[] entry, string reason)
    {
        // 'b' has bytes 8 to 16.
        new TensorFlowBundle().AddData(new byte[8]).Add("b", ones([2])).Add("a", entry).Write(Folder[Prefix]);

        Assert.That(Refusal(), Does.Contain(reason));
    }

    [Test]
    public void Unknown_fields_are_skipped()
    {
        byte[] entry = [.. TensorFlowBundle.Entry(1, [2], 0, 0, 8, TensorFlowBundle.Checksum(ones([2]).bytes)), .. TensorFlowBundle.Field(8, 5), .. TensorFlowBundle.Field(9, [1, 2]), 0x51, 0, 0, 0, 0, 0, 0, 0, 0, 0x5D, 0, 0, 0, 0];
        new TensorFlowBundle().AddData(ones([2]).bytes.ToArray()).Add("a", entry).Write(Folder[Prefix]);
        using var file = WeightFile.Open(Folder[Prefix]);

        Fixture.AssertEqual(file["a"].Read(), ones([2]), "a");
    }

    [TestCase(7)]
    [TestCase(20)]
    [TestCase(21)]
    public void Tensors_without_numbers_are_skipped(int type)
    {
        new TensorFlowBundle().Add("a", ones([2])).Add("b", TensorFlowBundle.Entry(type, [3], 0, 0, 999, 0)).Write(Folder[Prefix]);
        using var file = WeightFile.Open(Folder[Prefix]);

        Assert.That(file.Tensors.Select(stored => stored.Name), Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public void Parts_of_a_partitioned_tensor_are_refused_by_its_name()
    {
        byte[] whole = [.. TensorFlowBundle.Field(1, 1), .. TensorFlowBundle.Field(2, TensorFlowBundle.Field(2, TensorFlowBundle.Field(1, 2))), .. TensorFlowBundle.Field(7, []), .. TensorFlowBundle.Field(7, [])];
        var bundle = new TensorFlowBundle().AddData(new byte[8]).Add("\0table\0\u0001\u0001\u0080\u0001", TensorFlowBundle.Entry(1, [2], 0, 0, 8, 0));
        bundle.Write(Folder["parts"]);
        bundle.Add("table", whole).Write(Folder[Prefix]);

        Assert.That(Refusal(), Does.Contain("'table': the tensor is partitioned"));
        Assert.That(Refusal(Folder["parts"]), Does.Contain("got a part of a partitioned one"));
    }

    private static IEnumerable<TestCaseData> BadHeaders()
    {
        static TestCaseData Case(string name, byte[] header, string reason) => new TestCaseData(header, reason).SetArgDisplayNames(name);

        yield return Case("big-endian", [.. TensorFlowBundle.Field(1, 1), .. TensorFlowBundle.Field(2, 1)], "expected little-endian data; save the checkpoint again on a little-endian machine");
        yield return Case("newer format", [.. TensorFlowBundle.Field(1, 1), .. TensorFlowBundle.Field(3, TensorFlowBundle.Field(2, 2))], "expected version 1 of the format, got one that needs a reader of version 2");
        yield return Case("no data files", [], "expected 1 to 100000 data files, got 0");
        yield return Case("too many data files", TensorFlowBundle.Field(1, int.MaxValue), "expected 1 to 100000 data files, got 2147483647");
        yield return Case("no message", [0xFF], "header of the checkpoint: expected 1 bytes, 0 are left");
    }

    [TestCaseSource(nameof(BadHeaders))]
    public void A_bad_header_is_refused_with_the_reason(byte[] header, string reason)
    {
        new TensorFlowBundle { Header = header }.Add("a", ones([2])).Write(Folder[Prefix]);

        Assert.That(Refusal(), Does.Contain(reason));
    }

    [Test]
    public void Names_are_text()
    {
        new TensorFlowBundle().Add("a\u00FF", ones([2])).Write(Folder[Prefix]);
        Assert.That(Refusal(), Does.Contain("name of a tensor: expected UTF-8"));

        new TensorFlowBundle().Add(Encoding.Latin1.GetString("naïve 名"u8), ones([2])).Write(Folder[Prefix]);
        using var file = WeightFile.Open(Folder[Prefix]);
        Assert.That(file.TryGet("naïve 名", out _));
    }

    [Test]
    public void The_type_of_truth_values_is_checked()
    {
        new TensorFlowBundle().AddData(0, 3).Add("a", TensorFlowBundle.Entry(10, [2], 0, 0, 2, TensorFlowBundle.Checksum([0, 3]))).Write(Folder[Prefix]);
        using var file = WeightFile.Open(Folder[Prefix]);

        Assert.That(() => file["a"].Read(), Throws.TypeOf<WeightFileException>().With.Message.EndsWith("'a': expected Boolean values of 0 or 1, got 3"));
    }

    private string Refusal(string? path = null)
        => Assert.Throws<WeightFileException>(() => WeightFile.Open(path ?? Folder[Prefix]).Dispose())!.Message;
}
