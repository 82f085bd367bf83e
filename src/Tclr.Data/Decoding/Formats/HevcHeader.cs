using System.Globalization;

namespace Tclr.Data;

/// <summary>Reads the sequence parameter sets of H.265 (ITU-T H.265, 7.3.2.2).</summary>
internal static class HevcHeader
{
    private const int SequenceParameterSet = 33;

    /// <summary>Reads the format that a packet of start codes states.</summary>
    /// <returns>The format of the last parameter set of the base layer; <see langword="null"/> if there is none.</returns>
    public static PictureFormat? Read(ReadOnlySpan<byte> packet)
    {
        PictureFormat? format = null;
        while (StartCodes.Next(ref packet, out var unit))
        {
            bool baseLayer = unit.Length > 15 && ((unit[0] & 1) << 5 | unit[1] >> 3) == 0;
            if (baseLayer && ((unit[0] >> 1) & 0x3F) == SequenceParameterSet)
            {
                format = Parse(StartCodes.Unescape(unit[2..])) ?? format;
            }
        }

        return format;
    }

    private static PictureFormat? Parse(byte[] set)
    {
        var bits = new BitCursor(set);
        bits.Skip(4);
        int layers = (int)bits.Bits(3);
        bits.Skip(1);
        SkipProfile(ref bits, layers);
        bits.Golomb(); // sps_seq_parameter_set_id
        int chroma = (int)bits.Golomb();
        bool separate = chroma == 3 && bits.Flag();
        int width = (int)bits.Golomb(), height = (int)bits.Golomb();
        if (bits.Flag())
        {
            int unitX = chroma is 1 or 2 && !separate ? 2 : 1, unitY = chroma == 1 && !separate ? 2 : 1;
            width -= ((int)bits.Golomb() + (int)bits.Golomb()) * unitX;
            height -= ((int)bits.Golomb() + (int)bits.Golomb()) * unitY;
        }

        int depth = 8 + (int)bits.Golomb();
        return bits.Overrun ? null : new PictureFormat(width, height, string.Create(CultureInfo.InvariantCulture, $"{PictureFormat.Chroma(chroma)} {depth}-bit"));
    }

    private static void SkipProfile(ref BitCursor bits, int layers)
    {
        bits.Skip(88 + 8);
        Span<bool> profiles = stackalloc bool[8], levels = stackalloc bool[8];
        for (int i = 0; i < layers; i++)
        {
            profiles[i] = bits.Flag();
            levels[i] = bits.Flag();
        }

        bits.Skip(layers > 0 ? 2 * (8 - layers) : 0);
        for (int i = 0; i < layers; i++)
        {
            bits.Skip((profiles[i] ? 88 : 0) + (levels[i] ? 8 : 0));
        }
    }
}
