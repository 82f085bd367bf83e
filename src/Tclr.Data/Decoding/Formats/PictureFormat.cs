using System.Globalization;
using System.Runtime.InteropServices;

namespace Tclr.Data;

/// <summary>Size and pixel format of coded pictures, as stated in their headers.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Pixels">Chroma format and bit depth, in the codec's terms; empty if the header states only the size.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PictureFormat(int Width, int Height, string Pixels)
{
    /// <summary>Names a chroma format.</summary>
    /// <param name="format">0 to 3: gray, 4:2:0, 4:2:2, 4:4:4.</param>
    public static string Chroma(int format) => format switch { 0 => "gray", 1 => "4:2:0", 2 => "4:2:2", 3 => "4:4:4", _ => $"format {format}" };

    /// <summary>Reads the format that a packet states.</summary>
    /// <param name="codec">The codec's tag: four characters, or the stream type of an MPEG transport stream.</param>
    /// <param name="packet">One coded picture with its headers.</param>
    /// <returns>The format; <see langword="null"/> if the packet states none, or the codec is not supported.</returns>
    public static PictureFormat? Of(uint codec, ReadOnlySpan<byte> packet)
    {
        if (packet.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]))
        {
            return JpegHeader.Read(packet);
        }

        if (packet.Length > 8 && packet[0] == 0x89 && packet[1..].StartsWith("PNG"u8))
        {
            return PlainHeaders.Png(packet);
        }

        return Name(codec) switch
        {
            "h264" or "x264" or "avc1" or "avc3" or "davc" or "vssh" => H264Header.Read(packet),
            "hevc" or "hvc1" or "hev1" or "h265" or "x265" => HevcHeader.Read(packet),
            "vp80" or "vp08" => PlainHeaders.Vp8(packet),
            "vp90" or "vp09" => Vp9Header.Read(packet),
            "apch" or "apcn" or "apcs" or "apco" or "ap4h" or "ap4x" => PlainHeaders.ProRes(packet),
            _ => MpegHeader.Read(packet),
        };
    }

    /// <summary>Whether another header agrees with this one.</summary>
    public bool Agrees(PictureFormat other)
        => Width == other.Width && Height == other.Height
            && (Pixels.Length == 0 || other.Pixels.Length == 0 || string.Equals(Pixels, other.Pixels, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Width}x{Height} {Pixels}").TrimEnd();

    private static string Name(uint codec) => codec switch
    {
        0x1B => "h264",
        0x24 => "hevc",
        _ => new string([(char)(codec & 0x7F), (char)((codec >> 8) & 0x7F), (char)((codec >> 16) & 0x7F), (char)((codec >> 24) & 0x7F)]).ToLowerInvariant(),
    };
}
