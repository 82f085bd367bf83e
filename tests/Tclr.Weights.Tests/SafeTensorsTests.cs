using System.Text;
using static TorchSharp.torch;

namespace Tclr.Weights.Tests;

[NoTensorLeaks]
public sealed class SafeTensorsTests : ScopedFolderTests
{
    [Test]
    public void Every_type_and_shape_comes_back_bit_for_bit()
    {
        var tensors = Fixture.Types.ToDictionary(t => t.Name, t => Fixture.Ramp(t.Type, 0, 2, 3, 4), StringComparer.Ordinal);
        tensors["uint8"] = tensor(new byte[] { 0, 1, 128, 255, 7 });
        tensors["bool"] = tensor(new[] { true, false, true });
        tensors["scalar"] = tensor(7L);
        tensors["empty"] = zeros([0, 3]);
        tensors["strange"] = tensor(new[] { float.NaN, float.NegativeInfinity, -0f, float.Epsilon });
        tensors["naïve \"\\\n名"] = tensor(new[] { 1f });

        WeightFile.Write(Folder["all.safetensors"], tensors);
        using var file = WeightFile.Open(Folder["all.safetensors"]);

        Assert.That(file.Format, Is.EqualTo(WeightFormat.SafeTensors));
        Assert.That(file.Tensors.Select(stored => stored.Name), Is.EqualTo(tensors.Keys), "in the order they were given");
        foreach (var (name, expected) in tensors)
        {
            Assert.That(file[name].Type, Is.EqualTo(expected.dtype));
            Assert.That(file[name].Shape, Is.EqualTo(expected.shape));
            Fixture.AssertEqual(file[name].Read(), expected, name);
        }
    }

    [Test]
    public void The_bytes_are_those_of_the_format()
    {
        WeightFile.Write(
            Folder["two.safetensors"],
            new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["b"] = tensor(new byte[] { 9 }), ["a"] = tensor(new[] { 1f, 2f }, [2, 1]) },
            new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = "pt" });

        // The wider elements come first in the data; the header is padded by spaces to a multiple of 8.
        string header = """{"__metadata__":{"format":"pt"},"b":{"dtype":"U8","shape":[1],"data_offsets":[8,9]},"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}""";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        byte[] expected = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 9];
        Assert.That(File.ReadAllBytes(Folder["two.safetensors"]), Is.EqualTo(expected));
    }

    [Test]
    public void Other_writers_may_order_and_pad_otherwise()
    {
        const string Header = """  { "b" : {"data_offsets":[1,3],"shape":[2],"dtype":"U8"} , "a":{"shape":[],"dtype":"I8","data_offsets":[0,1]} }   """;
        byte[] file = BadFile.SafeTensors(Header.TrimStart(), 3);
        file[^3] = 5;
        file[^1] = 6;
        File.WriteAllBytes(Folder["other.safetensors"], file);

        using var read = WeightFile.Open(Folder["other.safetensors"]);

        Assert.That(read["a"].Read().item<sbyte>(), Is.EqualTo(5));
        Assert.That(read["b"].Read().data<byte>().ToArray(), Is.EqualTo(new byte[] { 0, 6 }));
        Assert.That(read.Metadata, Is.Empty);
    }

    [Test]
    public void Metadata_comes_back()
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["step"] = "160", ["note"] = "\"ü\"" };

        WeightFile.Write(Folder["m.safetensors"], [], metadata);
        using var file = WeightFile.Open(Folder["m.safetensors"]);

        Assert.That(file.Metadata, Is.EqualTo(metadata));
        Assert.That(file.Tensors, Is.Empty);
    }

    [Test]
    public void A_stream_gets_the_bytes_of_a_file()
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["step"] = "160" };
        WeightFile.Write(Folder["m.safetensors"], [new("a", ones([2]))], metadata);
        using var stream = new MemoryStream();

        WeightFile.Write(stream, WeightFormat.SafeTensors, [new("a", ones([2]))], metadata);

        Assert.That(stream.ToArray(), Is.EqualTo(File.ReadAllBytes(Folder["m.safetensors"])));
        Assert.That(stream.CanWrite, "it stays open");
    }

    [TestCase("pth")]
    [TestCase("dat")]
    public void Metadata_is_refused_where_there_is_no_place_for_it(string extension)
    {
        Assert.That(
            () => WeightFile.Write(Folder["m." + extension], [new("a", ones([2]))], new Dictionary<string, string>(StringComparer.Ordinal) { ["step"] = "160" }),
            Throws.ArgumentException.With.Message.Contains("has no place for metadata: write a .safetensors file"));
        Assert.That(Directory.GetFiles(Folder.Path), Is.Empty);
    }

    [Test]
    public void Views_are_written_as_what_they_show()
    {
        var whole = Fixture.Ramp(ScalarType.Float32, 0, 4, 6);
        var parameter = zeros([3], requires_grad: true);

        WeightFile.Write(Folder["v.safetensors"], new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["t"] = whole.t(), ["n"] = whole.narrow(1, 2, 2), ["p"] = parameter });
        using var file = WeightFile.Open(Folder["v.safetensors"]);

        Fixture.AssertEqual(file["t"].Read(), whole.t().contiguous(), "transposed");
        Fixture.AssertEqual(file["n"].Read(), whole.narrow(1, 2, 2).contiguous(), "narrowed");
        Fixture.AssertEqual(file["p"].Read(), zeros([3]), "with gradient");
    }

    private const string A = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""";

    private static IEnumerable<TestCaseData> Damaged()
    {
        static TestCaseData Case(string name, byte[] file, string reason) => new TestCaseData(file, reason).SetArgDisplayNames(name);
        static TestCaseData Header(string name, string header, int data, string reason) => Case(name, BadFile.SafeTensors(header, data), reason);
        static TestCaseData Entry(string name, string entry, int data, string reason) => Header(name, "{\"a\":{" + entry + "}}", data, reason);

        yield return Case("empty", [], "the file is empty");
        yield return Case("shorter than the header's length", [1, 2, 3], "expected 8 bytes with the header's length, the file has 3");
        yield return Case("header length 0", BadFile.SafeTensors("{}", 0, 0), "expected a header of 2 to 100000000 bytes, got 0");
        yield return Case("header above the limit", BadFile.SafeTensors("{}", 0, 100_000_001), "got 100000001");
        yield return Case("negative header", BadFile.SafeTensors("{}", 0, -1), "got 18446744073709551615");
        yield return Case("header beyond the end", BadFile.SafeTensors("{}", 0, 3), "the header has 3 bytes, 2 are left");
        yield return Case("bad UTF-8", BadFile.SafeTensors([(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)'}'], 0), "in UTF-8");
        yield return Header("no object", "[]", 0, "expected a header in JSON");
        yield return Header("half a surrogate", """{"\ud800":{}}""", 0, "not valid JSON");
        yield return Header("cut JSON", """{"a":{"dtype":"F32""", 0, "not valid JSON");
        yield return Header("more after the end", "{} {}", 0, "not valid JSON");
        yield return Header("name twice", A + ""","a":{"dtype":"U8","shape":[0],"data_offsets":[8,8]}}""", 8, "'a' occurs twice");
        yield return Header("metadata twice", """{"__metadata__":{},"__metadata__":{}}""", 0, "'__metadata__' occurs twice");
        yield return Header("metadata key twice", """{"__metadata__":{"x":"1","x":"2"}}""", 0, "__metadata__ has 'x' twice");
        yield return Header("metadata is no text", """{"__metadata__":{"x":1}}""", 0, "expected String, got Number");
        yield return Header("entry is no object", """{"a":[]}""", 0, "'a': expected StartObject, got StartArray");
        yield return Entry("unknown type", "\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,1]", 1, "expected a dtype of F64");
        yield return Entry("type of another kind", "\"dtype\":6,\"shape\":[1],\"data_offsets\":[0,1]", 1, "'a', dtype: expected String");
        yield return Entry("field twice", "\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]", 1, "each once, got 'dtype'");
        yield return Entry("unknown field", "\"dtype\":\"U8\",\"x\":1", 1, "got 'x'");
        yield return Entry("field missing", "\"dtype\":\"U8\",\"shape\":[1]", 1, "expected dtype, shape and two data_offsets");
        yield return Entry("one offset", "\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0]", 1, "two data_offsets");
        yield return Entry("three offsets", "\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1,2]", 1, "expected 2 whole numbers");
        yield return Entry("negative size", "\"dtype\":\"U8\",\"shape\":[-1],\"data_offsets\":[0,1]", 1, "none of them negative");
        yield return Entry("size with a fraction", "\"dtype\":\"U8\",\"shape\":[1.5],\"data_offsets\":[0,1]", 1, "whole numbers");
        yield return Entry("size above 2^63", "\"dtype\":\"U8\",\"shape\":[9223372036854775808],\"data_offsets\":[0,1]", 1, "below 2^63");
        yield return Entry("sizes that overflow", "\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]", 0, "does not have the 0 bytes");
        yield return Entry("bytes that overflow", "\"dtype\":\"F32\",\"shape\":[4611686018427387904],\"data_offsets\":[0,0]", 0, "does not have the 0 bytes");
        yield return Entry("huge but for a zero", "\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,0],\"data_offsets\":[0,0]", 0, "does not have the 0 bytes");
        yield return Entry("huge shape", "\"dtype\":\"F64\",\"shape\":[1000000000000],\"data_offsets\":[0,8]", 8, "does not have the 8 bytes");
        yield return Entry("bytes of another shape", "\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]", 8, "F32 [3] does not have the 8 bytes");
        yield return Entry("offsets backwards", "\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,0]", 1, "data_offsets [1,0] are not in the file");
        yield return Entry("offsets beyond the end", "\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]", 1, "which has 1 bytes of data");
        yield return Entry("65 dimensions", $"\"dtype\":\"U8\",\"shape\":[{string.Join(',', Enumerable.Repeat(1, 65))}],\"data_offsets\":[0,1]", 1, "expected 64 whole numbers");
        yield return Header("hole", """{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}""", 2, "'a' leaves a gap before it");
        yield return Header("overlap", A + ""","b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "'b' overlaps the tensor before it");
        yield return Header("same place", A + ""","b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "overlaps the tensor before it");
        yield return Header("bytes of no tensor", A + "}", 9, "1 unused bytes after the last tensor");
        yield return Header("cut data", A + "}", 7, "which has 7 bytes of data");
    }

    [TestCaseSource(nameof(Damaged))]
    public void A_damaged_file_is_refused_with_the_reason(byte[] bytes, string reason)
    {
        string path = Folder["bad.safetensors"];
        File.WriteAllBytes(path, bytes);

        var error = Assert.Throws<WeightFileException>(() => WeightFile.Open(path).Dispose())!;

        Assert.Multiple(() =>
        {
            Assert.That(error.Message, Does.Contain(reason).And.StartsWith($"'{path}', byte {error.Offset}: "));
            Assert.That(error.Path, Is.EqualTo(path));
            Assert.That(error.Offset, Is.Not.Null);
        });
    }

    [Test]
    public void A_file_cut_anywhere_is_refused()
    {
        WeightFile.Write(Folder["whole.safetensors"], new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["a"] = ones([5]), ["b"] = zeros([2, 2]) });
        byte[] whole = File.ReadAllBytes(Folder["whole.safetensors"]);

        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Folder["cut.safetensors"], whole[..length]);
            Assert.That(() => WeightFile.Open(Folder["cut.safetensors"]).Dispose(), Throws.TypeOf<WeightFileException>(), $"{length} bytes");
        }
    }

    [Test]
    public void A_long_name_makes_no_long_message()
    {
        File.WriteAllBytes(Folder["long.safetensors"], BadFile.SafeTensors("{\"" + new string('x', 1 << 20) + "\":[]}", 0));

        Assert.That(() => WeightFile.Open(Folder["long.safetensors"]), Throws.TypeOf<WeightFileException>().With.Message.Length.LessThan(1500));
    }

    [Test]
    public void What_the_format_lacks_is_not_written()
    {
        string path = Folder["x.safetensors"];
        var one = ones([1]);

        Assert.Multiple(() =>
        {
            Assert.That(() => WeightFile.Write(path, [new("a", one), new("a", one)]), Throws.ArgumentException.With.Message.StartsWith("'a' occurs twice"));
            Assert.That(() => WeightFile.Write(path, [new("__metadata__", one)]), Throws.ArgumentException.With.Message.StartsWith("a tensor cannot be named '__metadata__'"));
            Assert.That(() => WeightFile.Write(path, [new("a", null!)]), Throws.ArgumentException);
            Assert.That(() => WeightFile.Write(path, null!), Throws.ArgumentNullException);
            Assert.That(() => WeightFile.Write(" ", []), Throws.ArgumentException);
            Assert.That(Directory.GetFiles(Folder.Path), Is.Empty);
        });
    }

    [Test]
    public void A_file_that_cannot_be_written_leaves_the_old_one()
    {
        string path = Folder["kept.safetensors"];
        WeightFile.Write(path, [new("a", ones([2]))]);
        var disposed = ones([2]);
        disposed.Dispose();

        Assert.That(() => WeightFile.Write(path, [new("a", disposed)]), Throws.InstanceOf<InvalidOperationException>());
        Assert.That(() => WeightFile.Write(Folder["none/x.safetensors"], [new("a", ones([2]))]), Throws.TypeOf<WeightFileException>().With.Message.Contains("cannot be written"));

        Assert.That(Directory.GetFiles(Folder.Path), Is.EqualTo(new[] { path }));
        using var file = WeightFile.Open(path);
        Fixture.AssertEqual(file["a"].Read(), ones([2]), "a");
    }

    [Test]
    public void A_file_that_cannot_take_its_place_leaves_nothing()
    {
        Directory.CreateDirectory(Folder["taken.safetensors"]);

        Assert.That(
            () => WeightFile.Write(Folder["taken.safetensors"], [new("a", ones([2]))]),
            Throws.TypeOf<WeightFileException>().With.Message.Contains("the file cannot be written"));
        Assert.That(Directory.GetFiles(Folder.Path), Is.Empty);
    }

    [Test]
    public void A_new_file_replaces_the_old_one()
    {
        string path = Folder["twice.safetensors"];
        WeightFile.Write(path, [new("a", ones([2]))]);
        WeightFile.Write(path, [new("b", zeros([1]))]);

        using var file = WeightFile.Open(path);
        Assert.That(file.Tensors.Select(stored => stored.Name), Is.EqualTo(new[] { "b" }));
        Assert.That(Directory.GetFiles(Folder.Path), Has.Length.EqualTo(1));
    }
}
