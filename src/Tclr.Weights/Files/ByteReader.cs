using System.Buffers.Binary;
using System.Text;

namespace Tclr.Weights;

/// <summary>Reads a range of a file from front to end; all numbers are little-endian.</summary>
internal sealed class ByteReader(MappedFile file, long start, long end)
{
    public MappedFile File => file;

    public long Position { get; private set; } = start;

    public long Remaining => end - Position;

    public ReadOnlySpan<byte> Take(long count, string what)
    {
        if (count < 0 || count > Remaining)
        {
            throw Error(FormattableString.Invariant($"{what}: expected {(ulong)count} bytes, {Remaining} are left"));
        }

        var bytes = file.Span(Position, count);
        Position += count;
        return bytes;
    }

    public void Skip(long count, string what)
    {
        if (count < 0 || count > Remaining)
        {
            throw Error(FormattableString.Invariant($"{what}: expected {(ulong)count} bytes, {Remaining} are left"));
        }

        Position += count;
    }

    public byte Byte(string what) => Take(1, what)[0];

    public ushort UInt16(string what) => BinaryPrimitives.ReadUInt16LittleEndian(Take(2, what));

    public uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, what));

    public long Int64(string what) => BinaryPrimitives.ReadInt64LittleEndian(Take(8, what));

    /// <summary>A number of 7 bits a byte, the lowest first.</summary>
    public long Leb128(string what)
    {
        long at = Position, value = 0;
        for (int shift = 0; shift < 63; shift += 7)
        {
            byte next = Byte(what);
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw file.Error(at, $"{what}: expected a number below 2^63");
    }

    public string Utf8(long count, string what)
    {
        long at = Position;
        var bytes = Take(count, what);
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw file.Error(at, $"{what}: expected UTF-8");
    }

    /// <summary>Text up to a line feed, which is read too.</summary>
    public string Line(int limit, string what)
    {
        var rest = file.Span(Position, Math.Min(Remaining, limit));
        int length = rest.IndexOf((byte)'\n');
        if (length < 0)
        {
            throw Error(FormattableString.Invariant($"{what}: expected a line of less than {limit} bytes"));
        }

        string line = Utf8(length, what);
        Position++;
        return line;
    }

    public WeightFileException Error(string reason) => file.Error(Position, reason);
}
