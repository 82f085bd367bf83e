using System.Buffers.Binary;
using System.Globalization;

namespace Tclr.Data;

/// <summary>Reads the frame headers of JPEG pictures, as they follow each other in Motion JPEG.</summary>
internal static class JpegHeader
{
    private const int Adobe = 0xEE;

    /// <summary>Reads size, sampling factors, precision and color transform.</summary>
    /// <returns>The format; <see langword="null"/> if there is no frame header. If the headers of a picture differ, a format that equals no other.</returns>
    public static PictureFormat? Read(ReadOnlySpan<byte> picture)
    {
        PictureFormat? found = null;
        string transform = string.Empty;
        int at = 2;
        while (Marker(picture, ref at) is { } marker)
        {
            if (marker is >= 0xD0 and <= 0xD9 or 1)
            {
                continue; // no content
            }

            var segment = picture[at..];
            int length = segment.Length < 2 ? 0 : BinaryPrimitives.ReadUInt16BigEndian(segment);
            if (length < 2 || length > segment.Length)
            {
                continue; // damaged: look for the next marker as a decoder does
            }

            segment = segment[2..length];
            if (marker == Adobe && segment.Length >= 12 && segment.StartsWith("Adobe"u8))
            {
                transform = $" transform {segment[11]}";
            }

            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC) && Frame(marker, segment) is { } frame)
            {
                var format = frame with { Pixels = frame.Pixels + transform };
                found = found is { } before && before != format ? before with { Pixels = $"{before.Pixels} and {format}" } : format;
            }

            at += length;
        }

        return found;
    }

    // A marker is 0xFF and a byte that is neither 0 (in coded data: a plain 0xFF) nor 0xFF (padding).
    private static int? Marker(ReadOnlySpan<byte> picture, ref int at)
    {
        while (at < picture.Length)
        {
            int step = picture[at..].IndexOf((byte)0xFF);
            if (step < 0)
            {
                return null;
            }

            at += step + 1;
            if (at < picture.Length && picture[at] is not 0 and not 0xFF)
            {
                return picture[at++];
            }
        }

        return null;
    }

    private static PictureFormat? Frame(int marker, ReadOnlySpan<byte> segment)
    {
        if (segment.Length < 6 || segment.Length < 6 + (3 * segment[5]))
        {
            return null;
        }

        int components = segment[5];
        string[] samplings = new string[components];
        bool rgb = components == 3;
        for (int i = 0; i < components; i++)
        {
            byte factors = segment[7 + (3 * i)];
            samplings[i] = string.Create(CultureInfo.InvariantCulture, $"{factors >> 4}x{factors & 15}");
            rgb &= segment[6 + (3 * i)] == "RGB"[Math.Min(i, 2)];
        }

        string kind = marker is 0xC3 or 0xC7 or 0xCB or 0xCF ? " lossless" : string.Empty;
        return new PictureFormat(
            BinaryPrimitives.ReadUInt16BigEndian(segment[3..]),
            BinaryPrimitives.ReadUInt16BigEndian(segment[1..]),
            string.Create(CultureInfo.InvariantCulture, $"{(rgb ? "RGB " : string.Empty)}{string.Join(',', samplings)} {segment[0]}-bit{kind}"));
    }
}
