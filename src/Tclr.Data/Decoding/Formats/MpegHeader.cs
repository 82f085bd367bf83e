namespace Tclr.Data;

/// <summary>Reads the sequence headers of MPEG-1 and MPEG-2 and the video object layers of MPEG-4 part 2.</summary>
internal static class MpegHeader
{
    private const int Sequence = 0xB3;
    private const int Extension = 0xB5;

    /// <summary>Reads the format that a packet of start codes states.</summary>
    /// <returns>The format; <see langword="null"/> if there is no header.</returns>
    public static PictureFormat? Read(ReadOnlySpan<byte> packet)
    {
        // Packets of other codecs start differently; in them these codes would be a coincidence.
        if (!packet.StartsWith((ReadOnlySpan<byte>)[0, 0, 1]) && !packet.StartsWith((ReadOnlySpan<byte>)[0, 0, 0, 1]))
        {
            return null;
        }

        PictureFormat? format = null;
        while (StartCodes.Next(ref packet, out var unit))
        {
            if (unit.Length >= 5 && unit[0] == Sequence)
            {
                format = new PictureFormat((unit[1] << 4) | (unit[2] >> 4), ((unit[2] & 15) << 8) | unit[3], "4:2:0");
            }
            else if (unit.Length >= 4 && unit[0] == Extension && unit[1] >> 4 == 1 && format is { } sequence)
            {
                int chroma = (unit[2] >> 1) & 3;
                format = sequence with
                {
                    Width = sequence.Width | (((unit[2] & 1) << 1 | unit[3] >> 7) << 12),
                    Height = sequence.Height | (((unit[3] >> 5) & 3) << 12),
                    Pixels = PictureFormat.Chroma(chroma),
                };
            }
            else if (unit.Length >= 8 && unit[0] is >= 0x20 and <= 0x2F)
            {
                format = Layer(unit[1..]) ?? format;
            }
        }

        return format;
    }

    private static PictureFormat? Layer(ReadOnlySpan<byte> layer)
    {
        var bits = new BitCursor(layer);
        bits.Skip(9);
        int version = bits.Flag() ? (int)bits.Bits(7) >> 3 : 1;
        if (bits.Bits(4) == 15)
        {
            bits.Skip(16); // aspect ratio
        }

        if (bits.Flag())
        {
            bits.Skip(3);
            bits.Skip(bits.Flag() ? 79 : 0);
        }

        int shape = (int)bits.Bits(2);
        bits.Skip(1);
        int resolution = (int)bits.Bits(16);
        bits.Skip(1);
        if (bits.Flag())
        {
            bits.Skip(Math.Max(1, 32 - int.LeadingZeroCount(resolution - 1)));
        }

        if (shape != 0 || version > 5)
        {
            return null;
        }

        bits.Skip(1);
        int width = (int)bits.Bits(13);
        bits.Skip(1);
        int height = (int)bits.Bits(13);
        return bits.Overrun || width == 0 || height == 0 ? null : new PictureFormat(width, height, "4:2:0");
    }
}
