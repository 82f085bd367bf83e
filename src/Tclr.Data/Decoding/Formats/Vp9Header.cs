using System.Globalization;

namespace Tclr.Data;

/// <summary>Reads the uncompressed headers of VP9 frames (VP9 bitstream specification, 6.2).</summary>
internal static class Vp9Header
{
    private const uint SyncCode = 0x498342;
    private const int Srgb = 7;
    private const int References = 3;

    /// <summary>Reads the format that a packet states.</summary>
    /// <returns>The format, without pixel format for frames that state only a size; <see langword="null"/> if the packet states none.</returns>
    public static PictureFormat? Read(ReadOnlySpan<byte> packet)
    {
        var bits = new BitCursor(packet[..Math.Min(packet.Length, 32)]);
        if (bits.Bits(2) != 2)
        {
            return null;
        }

        int profile = (int)bits.Bits(1) | ((int)bits.Bits(1) << 1);
        bits.Skip(profile == 3 ? 1 : 0);
        if (bits.Flag())
        {
            return null; // shows a frame again
        }

        bool inter = bits.Flag(), shown = bits.Flag(), resilient = bits.Flag();
        string pixels = string.Empty;
        if (!inter)
        {
            if (bits.Bits(24) != SyncCode)
            {
                return null;
            }

            pixels = Pixels(ref bits, profile);
        }
        else if (!Resized(ref bits, profile, shown, resilient))
        {
            return null;
        }

        int width = (int)bits.Bits(16) + 1, height = (int)bits.Bits(16) + 1;
        return bits.Overrun ? null : new PictureFormat(width, height, pixels);
    }

    private static string Pixels(ref BitCursor bits, int profile)
    {
        int depth = profile < 2 ? 8 : bits.Flag() ? 12 : 10;
        int space = (int)bits.Bits(3);
        string chroma = "4:2:0";
        if (space == Srgb)
        {
            bits.Skip(profile is 1 or 3 ? 1 : 0);
            chroma = "RGB";
        }
        else
        {
            bits.Skip(1);
            if (profile is 1 or 3)
            {
                chroma = (bits.Flag(), bits.Flag()) switch { (true, true) => "4:2:0", (true, false) => "4:2:2", (false, true) => "4:4:0", _ => "4:4:4" };
                bits.Skip(1);
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{chroma} {depth}-bit");
    }

    // Whether a frame between key frames states a size, which then follows.
    private static bool Resized(ref BitCursor bits, int profile, bool shown, bool resilient)
    {
        bool intra = !shown && bits.Flag();
        bits.Skip(resilient ? 0 : 2);
        if (intra)
        {
            if (bits.Bits(24) != SyncCode)
            {
                return false;
            }

            if (profile > 0)
            {
                _ = Pixels(ref bits, profile);
            }

            bits.Skip(8);
            return true;
        }

        bits.Skip(8 + (4 * References));
        for (int i = 0; i < References; i++)
        {
            if (bits.Flag())
            {
                return false; // that of a reference
            }
        }

        return true;
    }
}
