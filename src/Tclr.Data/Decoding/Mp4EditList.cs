using System.Buffers.Binary;

namespace Tclr.Data;

/// <summary>Finds edit lists of MP4 and QuickTime files that hide frames from players.</summary>
internal static class Mp4EditList
{
    // A later start than this hides frames; a smaller one only compensates for the coding order.
    private const double Usual = 0.25;
    private const int LargestBox = 1 << 28;

    /// <summary>Whether a track starts after its first frames or is played in several pieces.</summary>
    /// <param name="path">The file.</param>
    public static bool CutsFrames(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            byte[] head = new byte[16];
            while (file.ReadAtLeast(head, 8, throwOnEndOfStream: false) is >= 8 and var read)
            {
                long size = BinaryPrimitives.ReadUInt32BigEndian(head), start = file.Position - read;
                size = size == 1 && read == 16 ? BinaryPrimitives.ReadInt64BigEndian(head.AsSpan(8)) : size;
                if (head.AsSpan(4).StartsWith("moov"u8))
                {
                    byte[] box = new byte[Math.Min(Math.Min(size, file.Length - start), LargestBox)];
                    file.Position = start;
                    file.ReadExactly(box);
                    return Cuts(box.AsSpan(8), 1);
                }

                if (size < 8 || start + size >= file.Length)
                {
                    return false;
                }

                file.Position = start + size;
            }

            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // The time scale of a track follows its edit list, so it is searched first.
    private static bool Cuts(ReadOnlySpan<byte> boxes, double clock)
    {
        for (var rest = boxes; Box(ref rest, out var name, out var content);)
        {
            if (name.SequenceEqual("mdia"u8))
            {
                clock = Clock(content) ?? clock;
            }
        }

        for (var rest = boxes; Box(ref rest, out var name, out var content);)
        {
            bool inside = name.SequenceEqual("trak"u8) || name.SequenceEqual("edts"u8);
            if ((inside && Cuts(content, clock)) || (name.SequenceEqual("elst"u8) && Late(content, clock)))
            {
                return true;
            }
        }

        return false;
    }

    private static double? Clock(ReadOnlySpan<byte> media)
    {
        while (Box(ref media, out var name, out var content))
        {
            if (name.SequenceEqual("mdhd"u8) && content.Length >= 24)
            {
                return BinaryPrimitives.ReadUInt32BigEndian(content[(content[0] == 1 ? 20 : 12)..]);
            }
        }

        return null;
    }

    private static bool Late(ReadOnlySpan<byte> list, double clock)
    {
        if (list.Length < 8)
        {
            return false;
        }

        bool wide = list[0] == 1;
        int pieces = 0, length = wide ? 20 : 12;
        long latest = 0;
        for (var entry = list[8..]; entry.Length >= length; entry = entry[length..])
        {
            long start = wide ? BinaryPrimitives.ReadInt64BigEndian(entry[8..]) : BinaryPrimitives.ReadInt32BigEndian(entry[4..]);
            pieces += start < 0 ? 0 : 1; // below 0: a pause
            latest = Math.Max(latest, start);
        }

        return pieces > 1 || latest > Usual * clock;
    }

    private static bool Box(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> content)
    {
        name = content = [];
        if (rest.Length < 8 || BinaryPrimitives.ReadUInt32BigEndian(rest) is var size && (size < 8 || size > rest.Length))
        {
            return false;
        }

        name = rest[4..8];
        content = rest[8..(int)size];
        rest = rest[(int)size..];
        return true;
    }
}
