using System.Buffers.Binary;
using System.Text;

namespace Tclr.Weights;

/// <summary>A zip archive of uncompressed records, which can be read in place.</summary>
internal sealed class StoredZip
{
    private const uint EndMark = 0x06054B50;
    private const uint End64Mark = 0x06064B50;
    private const uint Locator64Mark = 0x07064B50;
    private const uint DirectoryMark = 0x02014B50;
    private const uint RecordMark = 0x04034B50;
    private const int EndBytes = 22;
    private const int Locator64Bytes = 20;
    private const int DirectoryEntryBytes = 46;
    private const ushort Encrypted = 1;
    private const ushort Zip64Extra = 1;

    private readonly Dictionary<string, Record> records = new(StringComparer.Ordinal);

    private StoredZip(MappedFile file)
    {
        var (start, length, count) = FindDirectory(file);
        var reader = new ByteReader(file, start, start + length);
        for (long i = 0; i < count; i++)
        {
            var (name, record) = ReadEntry(file, reader, start);
            if (!records.TryAdd(name, record))
            {
                throw reader.Error($"the archive has '{name}' twice");
            }
        }

        long end = 0;
        foreach (var (name, record) in records.OrderBy(entry => entry.Value.Header))
        {
            if (record.Header < end)
            {
                throw file.Error(record.Header, $"'{name}' overlaps the record before it");
            }

            end = record.Offset + record.Length;
        }
    }

    public IReadOnlyDictionary<string, Record> Records => records;

    public static bool Recognizes(MappedFile file) => file.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(file.Span(0, 4)) == RecordMark;

    public static StoredZip Read(MappedFile file) => new(file);

    private static (long Start, long Length, long Count) FindDirectory(MappedFile file)
    {
        long end = FindEnd(file);
        var reader = new ByteReader(file, end + 10, file.Length);
        long count = reader.UInt16("number of records"), length = reader.UInt32("length of the directory"), start = reader.UInt32("offset of the directory");
        long limit = end;
        if (end >= Locator64Bytes && new ByteReader(file, end - Locator64Bytes, end) is var locator && locator.UInt32("mark") == Locator64Mark)
        {
            locator.Skip(4, "disk");
            limit = locator.Int64("offset of the zip64 end");
            if (limit < 0 || limit > end - Locator64Bytes)
            {
                throw file.Error(end - Locator64Bytes, FormattableString.Invariant($"the archive's zip64 end is not at {limit}"));
            }

            var end64 = new ByteReader(file, limit, end);
            if (end64.UInt32("mark of the zip64 end") != End64Mark)
            {
                throw file.Error(limit, "expected the archive's zip64 end");
            }

            end64.Skip(28, "zip64 end");
            (count, length, start) = (end64.Int64("number of records"), end64.Int64("length of the directory"), end64.Int64("offset of the directory"));
        }

        if (start < 0 || length < 0 || start > limit - length || count < 0 || count > length / DirectoryEntryBytes)
        {
            throw file.Error(end, FormattableString.Invariant($"a directory of {count} records in {length} bytes at {start} does not fit into the archive"));
        }

        return (start, length, count);
    }

    // The end stands before a comment of 64 KiB at most, whose length it tells.
    private static long FindEnd(MappedFile file)
    {
        long first = Math.Max(0, file.Length - EndBytes - ushort.MaxValue);
        var tail = file.Span(first, file.Length - first);
        for (int i = tail.Length - EndBytes; i >= 0; i--)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(tail[i..]) == EndMark && BinaryPrimitives.ReadUInt16LittleEndian(tail[(i + 20)..]) == tail.Length - i - EndBytes)
            {
                return first + i;
            }
        }

        throw file.Error(file.Length, "the archive has no end: the file is truncated");
    }

    private static (string Name, Record Record) ReadEntry(MappedFile file, ByteReader reader, long directory)
    {
        if (reader.UInt32("mark of an entry") != DirectoryMark)
        {
            throw reader.Error("expected an entry of the archive's directory");
        }

        reader.Skip(4, "versions");
        ushort flags = reader.UInt16("flags"), method = reader.UInt16("method");
        reader.Skip(8, "time and checksum");
        long packed = reader.UInt32("packed length"), length = reader.UInt32("length");
        ushort nameLength = reader.UInt16("length of the name"), extraLength = reader.UInt16("length of extras"), commentLength = reader.UInt16("length of the comment");
        reader.Skip(8, "attributes");
        long header = reader.UInt32("offset of the record");
        string name = reader.Utf8(nameLength, "name of a record");
        var extra = new ByteReader(file, reader.Position, reader.Position + Math.Min(extraLength, reader.Remaining));
        reader.Skip(extraLength, "extras");
        reader.Skip(commentLength, "comment");
        while (extra.Remaining >= 4)
        {
            ushort id = extra.UInt16("extra"), size = extra.UInt16("length of an extra");
            if (id != Zip64Extra)
            {
                extra.Skip(size, "extra");
                continue;
            }

            length = length == uint.MaxValue ? extra.Int64("length") : length;
            packed = packed == uint.MaxValue ? extra.Int64("packed length") : packed;
            header = header == uint.MaxValue ? extra.Int64("offset of the record") : header;
            break;
        }

        if (method != 0 || packed != length || (flags & Encrypted) != 0)
        {
            throw reader.Error($"'{name}' is compressed or encrypted; torch.save does neither");
        }

        if (header < 0 || header > directory || length < 0)
        {
            throw reader.Error($"'{name}' is not inside the archive");
        }

        return (name, new Record(header, DataOffset(file, name, header, length, directory), length));
    }

    private static long DataOffset(MappedFile file, string name, long header, long length, long directory)
    {
        var reader = new ByteReader(file, header, directory);
        if (reader.UInt32("mark of a record") != RecordMark)
        {
            throw file.Error(header, $"expected the record '{name}'");
        }

        reader.Skip(22, "record");
        ushort nameLength = reader.UInt16("length of the name"), extraLength = reader.UInt16("length of extras");
        if (!reader.Take(nameLength, "name of a record").SequenceEqual(Encoding.UTF8.GetBytes(name)))
        {
            throw file.Error(header, $"expected the record '{name}', got one of another name");
        }

        reader.Skip(extraLength, "extras");
        long offset = reader.Position;
        reader.Skip(length, $"record '{name}'");
        return offset;
    }

    /// <summary>A record of the archive.</summary>
    /// <param name="Header">Where its header is.</param>
    /// <param name="Offset">Where its data is.</param>
    /// <param name="Length">Bytes of data.</param>
    internal readonly record struct Record(long Header, long Offset, long Length);
}
