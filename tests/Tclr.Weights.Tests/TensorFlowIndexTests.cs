using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;

namespace Tclr.Weights.Tests;

/// <summary>Indexes of TensorFlow checkpoints that are damaged, or lie.</summary>
[NoTensorLeaks]
public sealed class TensorFlowIndexTests : ScopedFolderTests
{
    private const string Prefix = "ckpt-1";
    private const int FooterBytes = 48;

    [Test]
    public void Every_damaged_byte_of_a_block_is_found()
    {
        var bundle = Bundle();
        byte[] index = bundle.Index();
        bundle.Write(Folder[Prefix]);
        foreach (int at in bundle.Blocks.SelectMany(block => Enumerable.Range(block.Start, block.Size + 5)))
        {
            byte[] damaged = [.. index];
            damaged[at] ^= 0x10;
            Assert.That(Refusal(damaged), Does.Contain("the index is damaged: expected CRC-32C"), $"byte {at}");
        }
    }

    [Test]
    public void Every_length_of_a_cut_index_is_refused()
    {
        var bundle = Bundle();
        byte[] index = bundle.Index();
        bundle.Write(Folder[Prefix]);
        for (int length = 0; length < index.Length; length++)
        {
            Assert.That(Refusal(index[..length]), Does.Contain(length == 0 ? "the file is empty" : "expected the footer of a TensorFlow checkpoint's index"), $"{length} bytes");
        }
    }

    [TestCase(1, "the index is compressed by Snappy, which is not supported")]
    [TestCase(2, "expected an uncompressed block, got one of type 2")]
    public void Compressed_blocks_are_refused(byte compression, string reason)
    {
        var bundle = new TensorFlowBundle { Compression = compression }.Add("a", ones([2]));
        bundle.Write(Folder[Prefix]);

        Assert.That(Refusal(bundle.Index()), Does.Contain(reason));
    }

    // Offset and size of the block of nothing and of the index, a byte each.
    [TestCase(0, 0x7F, "expected a block inside the file, got 8 bytes at 127")]
    [TestCase(1, 0x7F, "expected a block inside the file, got 127 bytes at")]
    [TestCase(2, 0x7F, "expected a block inside the file, got")]
    [TestCase(3, 0x7F, "expected a block inside the file, got 127 bytes at")]
    [TestCase(0, 0x00, "the index is damaged")]
    [TestCase(3, 0x00, "the index is damaged")]
    public void A_bad_footer_is_refused_with_the_reason(int at, byte value, string reason)
    {
        var bundle = new TensorFlowBundle().Add("a", ones([2]));
        bundle.Write(Folder[Prefix]);
        byte[] index = bundle.Index();
        Assert.That(index.AsSpan(index.Length - FooterBytes, 4).IndexOfAnyExceptInRange((byte)0, (byte)0x7F), Is.EqualTo(-1), "a byte each");
        index[index.Length - FooterBytes + at] = value;

        Assert.That(Refusal(index), Does.Contain(reason));
    }

    private static IEnumerable<TestCaseData> BadBlocks()
    {
        static TestCaseData Case(string name, byte[] block, string reason) => new TestCaseData(block, reason).SetArgDisplayNames(name);
        static byte[] Ends(params int[] restarts) => [.. restarts.Append(restarts.Length).SelectMany(BitConverter.GetBytes)];

        // The header's entry, which takes 5 bytes.
        byte[] header = [0, 0, 2, 0x08, 0x01];
        yield return Case("no room for restarts", [1, 2, 3], "expected a block with restart offsets, got 0 in 3 bytes");
        yield return Case("no restarts", [.. header, 0, 0, 0, 0], "expected a block with restart offsets, got 0 in 9 bytes");
        yield return Case("too many restarts", [.. header, .. Ends(0)[..4], 9, 0, 0, 0], "expected a block with restart offsets, got 9 in 13 bytes");
        yield return Case("more restarts than a number holds", [.. header, 0xFF, 0xFF, 0xFF, 0xFF], "expected a block with restart offsets, got 4294967295 in 9 bytes");
        yield return Case("restart inside an entry", [.. header, .. Ends(0, 3)], "expected restart offsets at entries of the block, in ascending order");
        yield return Case("restarts in disorder", [.. header, 0, 1, 0, (byte)'a', .. Ends(5, 0)], "expected restart offsets at entries");
        yield return Case("restart that shares", [.. header, 0, 1, 0, (byte)'a', 1, 1, 0, (byte)'b', .. Ends(0, 9)], "a name shares 1 bytes with the name before it, which has 0");
        yield return Case("more shared than there is", [.. header, 0, 1, 0, (byte)'a', 2, 1, 0, (byte)'b', .. Ends(0)], "a name shares 2 bytes with the name before it, which has 1");
        yield return Case("name beyond the end", [.. header, 0, 99, 0, (byte)'a', .. Ends(0)], "name of a tensor: expected 99 bytes, 1 are left");
        yield return Case("name too long", [.. header, 0, 0x81, 0x20, 0, .. new byte[4097], .. Ends(0)], "expected a name of 4096 bytes at most, got 4097");
        yield return Case("value beyond the end", [.. header, 0, 1, 9, (byte)'a', .. Ends(0)], "value: expected 9 bytes, 0 are left");
        yield return Case("length without end", [.. header, 0xFF, 0xFF, .. Ends(0)], "shared length of a name: expected 1 bytes, 0 are left");
        yield return Case("length of 64 bits", [.. header, .. Enumerable.Repeat((byte)0xFF, 9), 1, .. Ends(0)], "shared length of a name: expected a number below 2^63");
        yield return Case("names in disorder", [.. header, 0, 1, 0, (byte)'b', 0, 1, 0, (byte)'a', .. Ends(0)], "expected names in ascending order, each once");
        yield return Case("name twice", [.. header, 0, 1, 0, (byte)'a', 0, 1, 0, (byte)'a', .. Ends(0)], "expected names in ascending order, each once");
        yield return Case("header twice", [.. header, .. header, .. Ends(0)], "expected names in ascending order, each once");
        yield return Case("no header", [0, 1, 0, (byte)'a', .. Ends(0)], "expected the header of a TensorFlow checkpoint as the first entry of the index");
        yield return Case("nothing", [.. Ends(0)], "expected the header of a TensorFlow checkpoint as the first entry of the index");
    }

    [TestCaseSource(nameof(BadBlocks))]
    public void A_bad_block_is_refused_with_the_reason(byte[] block, string reason) => Assert.That(Refusal(Table(block)), Does.Contain(reason));

    [Test]
    public void Blocks_do_not_overlap()
    {
        byte[] block = [0, 0, 2, 0x08, 0x01, .. BitConverter.GetBytes(0), .. BitConverter.GetBytes(1)];

        Assert.That(Refusal(Table(block, repeated: true)), Does.Contain("expected data blocks in ascending order before the index"));
    }

    [Test]
    public void Shared_names_cost_no_memory()
    {
        // Each name is one byte longer than the one before, for four bytes of the file.
        List<byte> block = [0, 0, 2, 0x08, 0x01];
        for (int i = 0; i < 4000; i++)
        {
            block.AddRange([.. TensorFlowBundle.Varint((ulong)i), 1, 0, (byte)'a']);
        }

        byte[] index = Table([.. block, .. BitConverter.GetBytes(0), .. BitConverter.GetBytes(1)]);
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.That(Refusal(index), Does.Contain("expected 1000000 names at most, of 64 bytes for each byte of the file at most"));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(80L * index.Length));
    }

    private static TensorFlowBundle Bundle() => new TensorFlowBundle { BlockBytes = 40, RestartInterval = 2 }.Add("net/a", ones([2])).Add("net/b", ones([3])).Add("net/c", ones([1]));

    // An index of one block of data.
    private static byte[] Table(byte[] block, bool repeated = false)
    {
        List<byte> file = [];
        byte[] data = Append(block), nothing = Append([.. BitConverter.GetBytes(0), .. BitConverter.GetBytes(1)]);
        byte[] entry = [0, 1, (byte)data.Length, (byte)'z', .. data], second = repeated ? [1, 1, (byte)data.Length, (byte)'z', .. data] : [];
        byte[] footer = [.. nothing, .. Append([.. entry, .. second, .. BitConverter.GetBytes(0), .. BitConverter.GetBytes(1)])];
        byte[] mark = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(mark, 0xDB4775248B80FB57);
        return [.. file, .. footer, .. new byte[40 - footer.Length], .. mark];

        byte[] Append(byte[] content)
        {
            int start = file.Count;
            byte[] typed = [.. content, 0];
            file.AddRange([.. typed, .. TensorFlowBundle.Masked(TensorFlowBundle.Checksum(typed))]);
            return [.. TensorFlowBundle.Varint((ulong)start), .. TensorFlowBundle.Varint((ulong)content.Length)];
        }
    }

    private string Refusal(byte[] index)
    {
        File.WriteAllBytes(Folder[Prefix + ".index"], index);
        return Assert.Throws<WeightFileException>(() => WeightFile.Open(Folder[Prefix]).Dispose())!.Message;
    }
}
