namespace Tclr.Data;

/// <summary>Reads bits, most significant first. After the end it returns zeros and sets <see cref="Overrun"/>.</summary>
internal ref struct BitCursor(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> bytes = bytes;
    private int at;

    /// <summary>Whether more bits were read than there are.</summary>
    public readonly bool Overrun => at > bytes.Length * 8;

    /// <summary>Reads an unsigned number of up to 32 bits.</summary>
    public uint Bits(int count)
    {
        uint value = 0;
        for (int i = 0; i < count; i++, at++)
        {
            int place = at >> 3;
            value = (value << 1) | (place < bytes.Length ? (uint)(bytes[place] >> (7 - (at & 7))) & 1 : 0);
        }

        return value;
    }

    /// <summary>Reads one bit.</summary>
    public bool Flag() => Bits(1) != 0;

    /// <summary>Skips bits.</summary>
    public void Skip(int count) => at += count;

    /// <summary>Reads an unsigned Exp-Golomb number.</summary>
    public uint Golomb()
    {
        int zeros = 0;
        while (zeros < 32 && !Flag())
        {
            if (Overrun)
            {
                return 0;
            }

            zeros++;
        }

        return zeros is 0 or 32 ? 0 : (1u << zeros) - 1 + Bits(zeros);
    }

    /// <summary>Reads a signed Exp-Golomb number.</summary>
    public int SignedGolomb()
    {
        uint value = Golomb();
        return (value & 1) == 0 ? -(int)(value >> 1) : (int)((value >> 1) + 1);
    }
}
