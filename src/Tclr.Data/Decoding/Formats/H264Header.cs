using System.Globalization;

namespace Tclr.Data;

/// <summary>Reads the sequence parameter sets of H.264 (ITU-T H.264, 7.3.2.1).</summary>
internal static class H264Header
{
    private const int SequenceParameterSet = 7;

    /// <summary>Reads the format that a packet of start codes states.</summary>
    /// <returns>The format of the last parameter set; <see langword="null"/> if there is none.</returns>
    public static PictureFormat? Read(ReadOnlySpan<byte> packet)
    {
        PictureFormat? format = null;
        while (StartCodes.Next(ref packet, out var unit))
        {
            if (unit.Length > 4 && (unit[0] & 0x1F) == SequenceParameterSet)
            {
                format = Parse(StartCodes.Unescape(unit[1..])) ?? format;
            }
        }

        return format;
    }

    private static PictureFormat? Parse(byte[] set)
    {
        var bits = new BitCursor(set);
        int profile = (int)bits.Bits(8);
        bits.Skip(16);
        bits.Golomb(); // seq_parameter_set_id
        int chroma = 1, depth = 8;
        bool separate = false;
        if (profile is 100 or 110 or 122 or 244 or 44 or 83 or 86 or 118 or 128 or 138 or 139 or 134 or 135)
        {
            chroma = (int)bits.Golomb();
            separate = chroma == 3 && bits.Flag();
            depth += (int)bits.Golomb();
            bits.Golomb(); // bit_depth_chroma_minus8
            bits.Skip(1);
            if (bits.Flag())
            {
                SkipScaling(ref bits, chroma == 3 ? 12 : 8);
            }
        }

        bits.Golomb(); // log2_max_frame_num_minus4
        SkipOrder(ref bits);
        bits.Golomb(); // max_num_ref_frames
        bits.Skip(1);
        int width = ((int)bits.Golomb() + 1) * 16, height = ((int)bits.Golomb() + 1) * 16;
        bool frames = bits.Flag();
        height *= frames ? 1 : 2;
        bits.Skip(frames ? 1 : 2);
        if (bits.Flag())
        {
            int unitX = chroma is 1 or 2 && !separate ? 2 : 1, unitY = (chroma == 1 && !separate ? 2 : 1) * (frames ? 1 : 2);
            width -= ((int)bits.Golomb() + (int)bits.Golomb()) * unitX;
            height -= ((int)bits.Golomb() + (int)bits.Golomb()) * unitY;
        }

        return bits.Overrun ? null : new PictureFormat(width, height, string.Create(CultureInfo.InvariantCulture, $"{PictureFormat.Chroma(chroma)} {depth}-bit"));
    }

    private static void SkipScaling(ref BitCursor bits, int lists)
    {
        for (int i = 0; i < lists; i++)
        {
            int last = 8, next = 8;
            int size = bits.Flag() ? i < 6 ? 16 : 64 : 0;
            for (int k = 0; k < size && next != 0; k++)
            {
                next = (last + bits.SignedGolomb()) & 0xFF;
                last = next == 0 ? last : next;
            }
        }
    }

    // pic_order_cnt_type and what depends on it.
    private static void SkipOrder(ref BitCursor bits)
    {
        uint type = bits.Golomb();
        if (type == 0)
        {
            bits.Golomb();
        }
        else if (type == 1)
        {
            bits.Skip(1);
            bits.SignedGolomb();
            bits.SignedGolomb();
            uint cycle = Math.Min(bits.Golomb(), 255);
            for (int i = 0; i < cycle; i++)
            {
                bits.SignedGolomb();
            }
        }
    }
}
