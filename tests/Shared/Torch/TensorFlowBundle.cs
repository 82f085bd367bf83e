using System.Buffers.Binary;
using System.Text;
using static TorchSharp.torch;

namespace Tclr.Testing;

/// <summary>Writes TensorFlow checkpoints from the description of their format, and damaged ones.</summary>
internal sealed class TensorFlowBundle(int shards = 1)
{
    private static readonly Dictionary<ScalarType, int> Types = new()
    {
        [ScalarType.Float32] = 1,
        [ScalarType.Float64] = 2,
        [ScalarType.Int32] = 3,
        [ScalarType.Byte] = 4,
        [ScalarType.Int16] = 5,
        [ScalarType.Int8] = 6,
        [ScalarType.Int64] = 9,
        [ScalarType.Bool] = 10,
        [ScalarType.BFloat16] = 14,
        [ScalarType.Float16] = 19,
    };

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(i =>
    {
        uint remainder = (uint)i;
        for (int bit = 0; bit < 8; bit++)
        {
            remainder = (remainder & 1) == 0 ? remainder >> 1 : (remainder >> 1) ^ 0x82F63B78;
        }

        return remainder;
    })];

    private readonly SortedDictionary<string, byte[]> entries = new(StringComparer.Ordinal);
    private readonly MemoryStream[] data = [.. Enumerable.Range(0, shards).Select(_ => new MemoryStream())];

    /// <summary>Entries between two names that are written in full.</summary>
    public int RestartInterval { get; init; } = 16;

    /// <summary>Bytes after which a block ends.</summary>
    public int BlockBytes { get; init; } = 262_144;

    /// <summary>Bytes to whose multiples tensors are moved.</summary>
    public int Alignment { get; init; } = 1;

    /// <summary>The kind of compression that blocks claim to have.</summary>
    public byte Compression { get; init; }

    /// <summary>The first entry.</summary>
    public byte[] Header { get; init; } = [.. Field(1, shards), .. Field(3, Field(1, 1))];

    /// <summary>Where the blocks of the index are, once it was made.</summary>
    public List<(int Start, int Size)> Blocks { get; } = [];

    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint checksum = uint.MaxValue;
        foreach (byte value in bytes)
        {
            checksum = Table[(checksum ^ value) & 0xFF] ^ (checksum >> 8);
        }

        return ~checksum;
    }

    public static byte[] Masked(uint checksum)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, ((checksum >> 15) | (checksum << 17)) + 0xA282EAD8);
        return bytes;
    }

    public static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }

    /// <summary>A number in a message; a zero is left out.</summary>
    public static byte[] Field(int number, long value) => value == 0 ? [] : [.. Varint((ulong)number << 3), .. Varint((ulong)value)];

    /// <summary>A message, or text, in a message.</summary>
    public static byte[] Field(int number, byte[] value) => [.. Varint(((ulong)number << 3) | 2), .. Varint((ulong)value.Length), .. value];

    /// <summary>The entry of a tensor.</summary>
    public static byte[] Entry(int type, long[] shape, int shard, long offset, long size, uint checksum)
        => [
            .. Field(1, type), .. Field(2, [.. shape.SelectMany(dimension => Field(2, Field(1, dimension)))]),
            .. Field(3, shard), .. Field(4, offset), .. Field(5, size), .. Varint((6 << 3) | 5), .. Masked(checksum),
        ];

    /// <summary>Adds a tensor.</summary>
    public TensorFlowBundle Add(string name, Tensor tensor, int shard = 0)
    {
        byte[] bytes = tensor.contiguous().bytes.ToArray();
        var file = data[shard];
        file.SetLength(file.Position = (file.Position + Alignment - 1) / Alignment * Alignment);
        entries.Add(name, Entry(Types[tensor.dtype], tensor.shape, shard, file.Position, bytes.Length, Checksum(bytes)));
        file.Write(bytes);
        return this;
    }

    /// <summary>Adds tensors, one after the other to each data file.</summary>
    public TensorFlowBundle Add(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        foreach (var (i, (name, tensor)) in tensors.Index())
        {
            Add(name, tensor, i % data.Length);
        }

        return this;
    }

    /// <summary>Adds the object graph, a scalar of text.</summary>
    public TensorFlowBundle AddObjectGraph()
    {
        byte[] text = Encoding.UTF8.GetBytes("objects of the checkpoint");
        entries.Add("_CHECKPOINTABLE_OBJECT_GRAPH", Entry(7, [], 0, data[0].Position, 5 + text.Length, 1234));
        data[0].Write([(byte)text.Length, 0, 0, 0, 0, .. text]);
        return this;
    }

    /// <summary>Adds an entry as it is; letters of its name are bytes.</summary>
    public TensorFlowBundle Add(string name, byte[] entry)
    {
        entries[name] = entry;
        return this;
    }

    /// <summary>Adds bytes to a data file.</summary>
    public TensorFlowBundle AddData(params byte[] bytes)
    {
        data[0].Write(bytes);
        return this;
    }

    public byte[] Data(int shard) => data[shard].ToArray();

    /// <summary>The index: blocks of entries, a block of nothing, the index of the blocks, the footer.</summary>
    public byte[] Index()
    {
        Blocks.Clear();
        var file = new MemoryStream();
        var index = new List<(byte[] Key, byte[] Value)>();
        var pending = new List<(byte[] Key, byte[] Value)>();
        int size = 0;
        foreach (var (name, value) in entries.Prepend(new("", Header)))
        {
            byte[] key = Encoding.Latin1.GetBytes(name);
            pending.Add((key, value));
            size += key.Length + value.Length;
            if (size >= BlockBytes)
            {
                Flush();
            }
        }

        Flush();
        byte[] described = Block(file, Content([]));
        byte[] blocks = Block(file, Content(index));
        byte[] footer = [.. described, .. blocks];
        file.Write([.. footer, .. new byte[40 - footer.Length], 0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB]);
        return file.ToArray();

        void Flush()
        {
            if (pending.Count > 0)
            {
                index.Add((pending[^1].Key, Block(file, Content(pending))));
                pending.Clear();
                size = 0;
            }
        }
    }

    /// <summary>Writes all files.</summary>
    /// <param name="prefix">Their paths without the ends.</param>
    /// <returns>The path of the index.</returns>
    public string Write(string prefix)
    {
        File.WriteAllBytes(prefix + ".index", Index());
        foreach (var (shard, file) in data.Index())
        {
            File.WriteAllBytes(FormattableString.Invariant($"{prefix}.data-{shard:D5}-of-{data.Length:D5}"), file.ToArray());
        }

        return prefix + ".index";
    }

    /// <summary>Corrects the checksums of all blocks of an index.</summary>
    public static byte[] Corrected(byte[] index, IEnumerable<(int Start, int Size)> blocks)
    {
        foreach (var (start, size) in blocks)
        {
            Masked(Checksum(index.AsSpan(start, size + 1))).CopyTo(index, start + size + 1);
        }

        return index;
    }

    // The offset of a block that was written.
    private byte[] Block(MemoryStream file, byte[] content)
    {
        int start = (int)file.Position;
        file.Write([.. content, Compression, .. Masked(Checksum([.. content, Compression]))]);
        Blocks.Add((start, content.Length));
        return [.. Varint((ulong)start), .. Varint((ulong)content.Length)];
    }

    private byte[] Content(List<(byte[] Key, byte[] Value)> items)
    {
        var content = new MemoryStream();
        List<int> restarts = items.Count == 0 ? [0] : [];
        byte[] before = [];
        foreach (var (i, (key, value)) in items.Index())
        {
            int shared = 0;
            if (i % RestartInterval == 0)
            {
                restarts.Add((int)content.Position);
            }
            else
            {
                shared = before.AsSpan().CommonPrefixLength(key);
            }

            content.Write([.. Varint((ulong)shared), .. Varint((ulong)(key.Length - shared)), .. Varint((ulong)value.Length), .. key[shared..], .. value]);
            before = key;
        }

        return [.. content.ToArray(), .. restarts.Append(restarts.Count).SelectMany(BitConverter.GetBytes)];
    }
}
