using System.Numerics;
using System.Runtime.InteropServices;

namespace Tclr.Data;

/// <summary>A fast 64-bit checksum: two CRC-32C, each of every other eight bytes.</summary>
internal struct Fingerprint
{
    private uint even, odd;

    public Fingerprint(uint even, uint odd) => (this.even, this.odd) = (even, odd);

    public readonly ulong Value => ((ulong)odd << 32) | even;

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var print = new Fingerprint((uint)bytes.Length, ~(uint)bytes.Length);
        print.Add(bytes);
        return print.Value;
    }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        for (int i = 0; i < words.Length - 1; i += 2)
        {
            even = BitOperations.Crc32C(even, words[i]);
            odd = BitOperations.Crc32C(odd, words[i + 1]);
        }

        foreach (byte rest in bytes[(words.Length / 2 * 16)..])
        {
            even = BitOperations.Crc32C(even, rest);
        }
    }
}
