using System.Buffers.Binary;

namespace Tclr.Weights;

/// <summary>Reads a table of LevelDB: keys in ascending order with a value each, in blocks with checksums.</summary>
/// <remarks>
/// The file ends with a footer of 48 bytes: the places of two blocks, zeros, and a mark. The second of them is the index, whose values
/// are the places of the data blocks. A block has entries, each with the number of bytes its key shares with the key before; places of
/// entries that share none (the restarts), and their number; then its compression and the checksum.
/// </remarks>
internal static class SortedTable
{
    public const int FooterBytes = 48;

    private const ulong Mark = 0xDB4775248B80FB57;
    private const int TrailerBytes = 5;
    private const int Uncompressed = 0;
    private const int Snappy = 1;

    // A table of an ordinary checkpoint has some hundred entries and some ten thousand bytes.
    private const int MaximumBytes = 100_000_000;
    private const int MaximumEntries = 1_000_000;
    private const int MaximumKey = 4096;

    // Shared bytes make keys of a small file long; writers share at most those of 16 keys in a row.
    private const long MaximumExpansion = 64;

    public static bool Recognizes(MappedFile file)
        => file.Length >= FooterBytes && BinaryPrimitives.ReadUInt64LittleEndian(file.Span(file.Length - sizeof(ulong), sizeof(ulong))) == Mark;

    /// <summary>All entries, in the order of their keys.</summary>
    public static IReadOnlyList<Entry> Read(MappedFile file)
    {
        if (!Recognizes(file))
        {
            throw file.Error(Math.Max(0, file.Length - FooterBytes), "expected the footer of a TensorFlow checkpoint's index: the file is truncated or of another format");
        }

        if (file.Length > MaximumBytes)
        {
            throw file.Error(0, FormattableString.Invariant($"expected an index of {MaximumBytes} bytes at most, got {file.Length}"));
        }

        var footer = new ByteReader(file, file.Length - FooterBytes, file.Length - sizeof(ulong));
        var described = Handle(footer);
        var index = Handle(footer);
        CheckedContent(file, described);

        var budget = new Budget();
        var entries = new List<Entry>();
        long end = 0;
        foreach (var block in Entries(file, index, budget))
        {
            var place = Handle(new ByteReader(file, block.Start, block.End));
            if (place.Start < end || place.End > index.Start)
            {
                throw file.Error(block.Start, FormattableString.Invariant($"expected data blocks in ascending order before the index, got bytes {place.Start} to {place.End}"));
            }

            end = place.End;
            foreach (var entry in Entries(file, place, budget))
            {
                if (entries.Count > 0 && entries[^1].Key.AsSpan().SequenceCompareTo(entry.Key) >= 0)
                {
                    throw file.Error(entry.Start, "expected names in ascending order, each once");
                }

                entries.Add(entry);
            }
        }

        return entries;
    }

    private static (long Start, long End) Handle(ByteReader reader)
    {
        long last = reader.File.Length - FooterBytes - TrailerBytes;
        long at = reader.Position, start = reader.Leb128("offset of a block"), size = reader.Leb128("size of a block");
        return start <= last && size <= last - start
            ? (start, start + size)
            : throw reader.File.Error(at, FormattableString.Invariant($"expected a block inside the file, got {size} bytes at {start}"));
    }

    // The bytes of a block, whose checksum is right.
    private static ReadOnlySpan<byte> CheckedContent(MappedFile file, (long Start, long End) block)
    {
        int size = (int)(block.End - block.Start);
        var whole = file.Span(block.Start, size + TrailerBytes);
        uint expected = Crc32C.Unmask(BinaryPrimitives.ReadUInt32LittleEndian(whole[(size + 1)..])), found = Crc32C.Of(whole[..(size + 1)]);
        if (found != expected)
        {
            throw file.Error(block.Start, FormattableString.Invariant($"the index is damaged: expected CRC-32C {expected:x8} of the block here, got {found:x8}"));
        }

        return whole[size] switch
        {
            Uncompressed => whole[..size],
            Snappy => throw file.Error(block.End, "the index is compressed by Snappy, which is not supported: TensorFlow writes it uncompressed, so load the checkpoint there and save it again"),
            _ => throw file.Error(block.End, FormattableString.Invariant($"expected an uncompressed block, got one of type {whole[size]}")),
        };
    }

    private static List<Entry> Entries(MappedFile file, (long Start, long End) block, Budget budget)
    {
        var content = CheckedContent(file, block);
        uint restarts = content.Length < sizeof(uint) ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(content[^sizeof(uint)..]);
        if (restarts == 0 || restarts > (content.Length / sizeof(uint)) - 1)
        {
            throw file.Error(block.Start, FormattableString.Invariant($"expected a block with restart offsets, got {restarts} in {content.Length} bytes"));
        }

        var places = content[^(int)((restarts + 1) * sizeof(uint))..^sizeof(uint)];
        var reader = new ByteReader(file, block.Start, block.End - ((restarts + 1) * sizeof(uint)));
        var entries = new List<Entry>();
        byte[] key = [];
        while (reader.Remaining > 0)
        {
            long at = reader.Position;
            bool restart = !places.IsEmpty && BinaryPrimitives.ReadUInt32LittleEndian(places) == at - block.Start;
            places = restart ? places[sizeof(uint)..] : places;
            long shared = reader.Leb128("shared length of a name"), own = reader.Leb128("length of a name"), value = reader.Leb128("length of a value");
            if (shared > (restart ? 0 : key.Length))
            {
                throw file.Error(at, FormattableString.Invariant($"a name shares {shared} bytes with the name before it, which has {(restart ? 0 : key.Length)}"));
            }

            if (own > MaximumKey - shared)
            {
                throw file.Error(at, FormattableString.Invariant($"expected a name of {MaximumKey} bytes at most, got {(ulong)own + (ulong)shared}"));
            }

            key = [.. key.AsSpan(0, (int)shared), .. reader.Take(own, "name of a tensor")];
            budget.Bytes += key.Length;
            if (++budget.Entries > MaximumEntries || budget.Bytes > MaximumExpansion * file.Length)
            {
                throw file.Error(at, FormattableString.Invariant($"expected {MaximumEntries} names at most, of {MaximumExpansion} bytes for each byte of the file at most"));
            }

            long start = reader.Position;
            reader.Skip(value, "value");
            entries.Add(new Entry(key, start, reader.Position));
        }

        // An empty block has one restart, at its start.
        return places.IsEmpty || (entries.Count == 0 && restarts == 1)
            ? entries
            : throw file.Error(block.Start, "expected restart offsets at entries of the block, in ascending order");
    }

    /// <summary>A key and the place of its value in the file.</summary>
    internal sealed record Entry(byte[] Key, long Start, long End);

    private sealed class Budget
    {
        public long Bytes { get; set; }

        public int Entries { get; set; }
    }
}
