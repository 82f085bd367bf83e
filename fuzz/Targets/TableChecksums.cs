
namespace Tclr.Fuzz;

/// <summary>Corrects the checksums of the blocks of a LevelDB table, as far as the blocks can be found.</summary>
internal static class TableChecksums
{
    private const int FooterBytes = 48;

    public static byte[] Correct(byte[] table)
    {
        if (table.Length < FooterBytes)
        {
            return table;
        }

        var blocks = new List<(int Start, int Size)>();
        int at = table.Length - FooterBytes;
        var described = Handle(table, ref at);
        var index = Handle(table, ref at);
        if (index is { } found)
        {
            int entry = found.Start, end = found.Start + found.Size;
            while (entry < end && Varint(table, ref entry) is not null && Varint(table, ref entry) is { } own && Varint(table, ref entry) is not null)
            {
                entry += (int)Math.Min(own, (ulong)table.Length);
                if (Handle(table, ref entry) is { } block)
                {
                    blocks.Add(block);
                }
            }
        }

        byte[] corrected = [.. table];
        foreach (var (start, size) in blocks.Append(described ?? default).Append(index ?? default))
        {
            TensorFlowBundle.Masked(TensorFlowBundle.Checksum(corrected.AsSpan(start, size + 1))).CopyTo(corrected, start + size + 1);
        }

        return corrected;
    }

    private static (int Start, int Size)? Handle(byte[] table, ref int at)
        => Varint(table, ref at) is { } start && Varint(table, ref at) is { } size && start < (ulong)table.Length && size < (ulong)table.Length && start + size + 5 <= (ulong)table.Length
            ? ((int)start, (int)size)
            : null;

    private static ulong? Varint(byte[] table, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; shift < 63 && at < table.Length; shift += 7)
        {
            byte next = table[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        return null;
    }
}
