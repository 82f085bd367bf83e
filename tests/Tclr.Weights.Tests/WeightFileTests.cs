using System.Text;
using static TorchSharp.torch;

namespace Tclr.Weights.Tests;

[NoTensorLeaks(Parameters = true)]
public sealed class WeightFileTests : ScopedFolderTests
{
    [Test]
    public void Tensors_are_found_by_name()
    {
        WeightFile.Write(Folder["x.safetensors"], [new("a", ones([2, 3])), new("b", zeros([1]))]);
        using var file = WeightFile.Open(Folder["x.safetensors"]);

        Assert.Multiple(() =>
        {
            Assert.That(file.Path, Is.EqualTo(Folder["x.safetensors"]));
            Assert.That(file["a"].ToString(), Is.EqualTo("a: Float32 [2,3]"));
            Assert.That(file.TryGet("b", out _));
            Assert.That(file.TryGet("c", out _), Is.False);
            Assert.That(() => file["c"], Throws.TypeOf<KeyNotFoundException>().With.Message.EndsWith("has no tensor 'c'; it has 'a', 'b'"));
        });
    }

    [TestCase("safetensors")]
    [TestCase("pth")]
    [TestCase("dat")]
    public void A_tensor_is_copied_into_another(string extension)
    {
        var expected = Fixture.Ramp(ScalarType.Float32, 0, 2, 3);
        WeightFile.Write(Folder["x." + extension], [new("a", expected)]);
        using var file = WeightFile.Open(Folder["x." + extension]);
        var transposed = zeros([3, 2], ScalarType.Float64).t();

        file["a"].CopyTo(transposed);

        Fixture.AssertEqual(transposed, expected.to(ScalarType.Float64), "type and layout of the target");
        Assert.That(() => file["a"].CopyTo(zeros([3])), Throws.ArgumentException.With.Message.StartsWith("'a': expected a target of shape [2,3], got [3]"));
        Assert.That(file.Format.Extensions, Does.Contain("." + extension));
    }

    [TestCase("safetensors")]
    [TestCase("pth")]
    [TestCase("dat")]
    public void A_closed_file_is_not_read(string extension)
    {
        using var head = TinyNetwork.Head();
        ModelWeights.Save(head, Folder["x." + extension]);
        var file = WeightFile.Open(Folder["x." + extension]);
        var kept = file["weight"].Read();
        var stored = file["weight"];

        file.Dispose();
        file.Dispose();

        Assert.That(() => stored.Read(), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => ModelWeights.Load(head, file), Throws.TypeOf<ObjectDisposedException>());
        Fixture.AssertEqual(kept, head.state_dict()["weight"], "what was read stays");
    }

    [Test]
    public void Many_threads_read_one_file()
    {
        var expected = Fixture.Ramp(ScalarType.Float32, 0, 100, 100);
        WeightFile.Write(Folder["x.pth"], [new("a", expected), new("b", expected.t())]);
        using var file = WeightFile.Open(Folder["x.pth"]);
        byte[] bytes = expected.bytes.ToArray();

        Parallel.For(0, 64, _ =>
        {
            using var scope = NewDisposeScope();
            Assert.That(file["a"].Read().bytes.SequenceEqual(bytes));
            Assert.That(file["b"].Read().t().contiguous().bytes.SequenceEqual(bytes));
        });
    }

    [Test]
    public void A_file_that_lies_costs_no_memory()
    {
        const string Huge = "\u008A\u0008\0\0\0\0\0\u0001\0\0";
        File.WriteAllBytes(Folder["shape.safetensors"], BadFile.SafeTensors("""{"a":{"dtype":"F32","shape":[100000000000],"data_offsets":[0,400000000000]}}""", 8));
        File.WriteAllBytes(Folder["header.safetensors"], BadFile.SafeTensors("{}", 0, 99_999_999));
        File.WriteAllBytes(Folder["stride.pth"], BadFile.Checkpoint(BadFile.Pickle(sizes: Huge + "\u0085", strides: "K\0\u0085")));
        File.WriteAllBytes(Folder["record.pth"], BadFile.Checkpoint(BadFile.Pickle(elements: Huge)));
        File.WriteAllBytes(Folder["text.pth"], BadFile.Checkpoint("X\u00FF\u00FF\u00FF\u007F."));
        File.WriteAllBytes(Folder["count.dat"], [0xFF, 0xFF, 0xFF, 0x7F, 0, 0]);
        File.WriteAllBytes(Folder["name.dat"], [0x01, 0xFF, 0xFF, 0xFF, 0x7F, 0]);

        foreach (string path in Directory.GetFiles(Folder.Path))
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.That(() => WeightFile.Open(path).Dispose(), Throws.TypeOf<WeightFileException>(), path);
            Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1 << 20), path);
        }
    }

    private static IEnumerable<TestCaseData> DamagedStateFiles()
    {
        static TestCaseData Case(string name, string bytes, string reason) => new TestCaseData(Encoding.Latin1.GetBytes(bytes), reason).SetArgDisplayNames(name);

        // One tensor 'a', Float32 [1].
        yield return Case("no data", "\u0001\u0001a\u0006\u0001\u0001", "'a': expected 4 bytes, 0 are left");
        yield return Case("data too long", "\u0001\u0001a\u0006\u0001\u0001\0\0\0\0\0", "1 unused bytes after the last tensor");
        yield return Case("unknown type", "\u0001\u0001a\u000A\u0001\u0001\0\0\0\0", "'a': 10 is not a known element type");
        yield return Case("type above all", "\u0001\u0001a\u0086\u0002\u0001\u0001\0\0\0\0", "262 is not a known element type");
        yield return Case("too many dimensions", "\u0001\u0001a\u0006\u0041\u0001\0\0\0\0", "expected 64 dimensions at most, got 65");
        yield return Case("count too large", "\u00FF\u00FF\u00FF\u007F\0\0", "unknown file format");
        yield return Case("number without end", new string('\u00FF', 12), "expected a number below 2^63");
        yield return Case("name beyond the end", "\u0001\u0009a", "name of a tensor: expected 9 bytes, 1 are left");
        yield return Case("name of bad UTF-8", "\u0001\u0001\u00FF\u0006\u0001\u0001\0\0\0\0", "expected UTF-8");
        yield return Case("name twice", "\u0002\u0001a\u0000\u0001\u0001\0\u0001a\0\u0001\u0001\0", "'a' occurs twice");
        yield return Case("sizes that overflow", "\u0001\u0001a\u0006\u0002\u00FF\u00FF\u00FF\u00FF\u007F\u00FF\u00FF\u00FF\u00FF\u007F", "has too many elements");
        yield return Case("bytes that overflow", "\u0001\u0001a\u0006\u0001\u0080\u0080\u0080\u0080\u0080\u0080\u0080\u0080\u0040", "has too many elements");
        yield return Case("text", "This is no file of weights.", "unknown file format");
    }

    [TestCaseSource(nameof(DamagedStateFiles))]
    public void A_damaged_file_of_TorchSharp_is_refused_with_the_reason(byte[] bytes, string reason)
    {
        File.WriteAllBytes(Folder["bad.dat"], bytes);

        Assert.That(() => WeightFile.Open(Folder["bad.dat"]).Dispose(), Throws.TypeOf<WeightFileException>().With.Message.Contains(reason));
    }
}
