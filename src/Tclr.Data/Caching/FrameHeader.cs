using System.Buffers.Binary;
using System.Text;

namespace Tclr.Data;

/// <summary>
/// The header of a file of cached frames: their key, number and size, and a checksum of each. The
/// pixels start at <see cref="Start"/>, RGB <c>[T, H, W, 3]</c>.
/// </summary>
/// <remarks>Little-endian: magic (8 bytes), version (4), length of the header (4), checksum of the rest of the header (8), then the fields.</remarks>
internal sealed record FrameHeader(FrameKey Key, int Height, int Width, ulong[] Checksums)
{
    /// <summary>Version of the format.</summary>
    public const int Version = 1;

    /// <summary>Number of bytes that <see cref="LengthOf"/> needs.</summary>
    public const int PrefixLength = 24;

    private const int Page = 4096;
    private const int FixedLength = 32; // at most: stamp, three numbers and the lengths of two strings

    /// <summary>Number of frames.</summary>
    public int Frames => Checksums.Length;

    /// <summary>Bytes of a frame.</summary>
    public int FrameLength => Height * Width * 3;

    /// <summary>Offset of the pixels.</summary>
    public long Start => StartOf(Key, Frames);

    /// <summary>Length of the whole file.</summary>
    public long FileLength => Start + ((long)Frames * FrameLength);

    private static ReadOnlySpan<byte> Magic => "tclrfrms"u8;

    /// <summary>Offset of the pixels for a number of frames: the first page boundary after the longest possible header.</summary>
    public static long StartOf(FrameKey key, int frames)
    {
        long length = PrefixLength + FixedLength + 20 + Encoding.UTF8.GetByteCount(key.Video) + Encoding.UTF8.GetByteCount(key.Settings) + (8L * frames);
        return (length + Page - 1) / Page * Page;
    }

    /// <summary>Reads the length of a header from its first bytes.</summary>
    /// <exception cref="InvalidDataException">It is not a header, or of another version.</exception>
    public static int LengthOf(ReadOnlySpan<byte> prefix)
    {
        if (prefix.Length < PrefixLength || !prefix.StartsWith(Magic))
        {
            throw new InvalidDataException("it is not a file of cached frames");
        }

        int version = BinaryPrimitives.ReadInt32LittleEndian(prefix[8..]);
        return version == Version
            ? BinaryPrimitives.ReadInt32LittleEndian(prefix[12..])
            : throw new InvalidDataException(FormattableString.Invariant($"it has version {version}, expected {Version}"));
    }

    /// <summary>Reads a header.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static FrameHeader Parse(byte[] header)
    {
        if (BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(16)) != Fingerprint.Of(header.AsSpan(PrefixLength)))
        {
            throw new InvalidDataException("its header is damaged");
        }

        var fields = new MemoryStream(header, PrefixLength, header.Length - PrefixLength);
        using var reader = new BinaryReader(fields);
        try
        {
            var stamp = new FileStamp(reader.ReadInt64(), reader.ReadInt64());
            int frames = reader.ReadInt32(), height = reader.ReadInt32(), width = reader.ReadInt32();
            var key = new FrameKey(reader.ReadString(), stamp, reader.ReadString());
            if (frames < 1 || height < 1 || width < 1 || (Int128)height * width * 3 > Array.MaxLength || fields.Length - fields.Position != (long)frames * sizeof(ulong))
            {
                throw new InvalidDataException(FormattableString.Invariant($"its header states {frames} frames of {width}x{height}, which it cannot have"));
            }

            ulong[] checksums = new ulong[frames];
            for (int i = 0; i < frames; i++)
            {
                checksums[i] = reader.ReadUInt64();
            }

            return new FrameHeader(key, height, width, checksums);
        }
        catch (Exception e) when (e is EndOfStreamException or FormatException)
        {
            throw new InvalidDataException($"its header is damaged: {e.Message}", e);
        }
    }

    /// <summary>Serializes the header.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            writer.Write(Magic);
            writer.Write(Version);
            writer.Write(0);
            writer.Write(0UL);
            writer.Write(Key.Stamp.Length);
            writer.Write(Key.Stamp.Modified);
            writer.Write(Frames);
            writer.Write(Height);
            writer.Write(Width);
            writer.Write(Key.Video);
            writer.Write(Key.Settings);
            foreach (ulong checksum in Checksums)
            {
                writer.Write(checksum);
            }
        }

        byte[] bytes = stream.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), bytes.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), Fingerprint.Of(bytes.AsSpan(PrefixLength)));
        return bytes;
    }
}
