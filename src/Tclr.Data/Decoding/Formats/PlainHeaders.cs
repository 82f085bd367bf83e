using System.Buffers.Binary;
using System.Globalization;

namespace Tclr.Data;

/// <summary>Reads headers with fields at fixed offsets: VP8, ProRes, PNG.</summary>
internal static class PlainHeaders
{
    /// <summary>Reads a VP8 key frame (RFC 6386, 9.1); <see langword="null"/> for other frames.</summary>
    public static PictureFormat? Vp8(ReadOnlySpan<byte> packet)
        => packet.Length >= 10 && (packet[0] & 1) == 0 && packet[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A])
            ? new PictureFormat(BinaryPrimitives.ReadUInt16LittleEndian(packet[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(packet[8..]) & 0x3FFF, "4:2:0")
            : null;

    /// <summary>Reads a ProRes frame header (SMPTE RDD 36).</summary>
    public static PictureFormat? ProRes(ReadOnlySpan<byte> packet)
        => packet.Length >= 28 && packet[4..].StartsWith("icpf"u8)
            ? new PictureFormat(
                BinaryPrimitives.ReadUInt16BigEndian(packet[16..]),
                BinaryPrimitives.ReadUInt16BigEndian(packet[18..]),
                string.Create(CultureInfo.InvariantCulture, $"{PictureFormat.Chroma(packet[20] >> 6)} alpha {packet[25] & 15}"))
            : null;

    /// <summary>Reads the first chunk of a PNG picture.</summary>
    public static PictureFormat? Png(ReadOnlySpan<byte> packet)
        => packet.Length >= 26
            ? new PictureFormat(
                BinaryPrimitives.ReadInt32BigEndian(packet[16..]),
                BinaryPrimitives.ReadInt32BigEndian(packet[20..]),
                string.Create(CultureInfo.InvariantCulture, $"{packet[24]}-bit color type {packet[25]}"))
            : null;
}
