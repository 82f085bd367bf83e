using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tclr.Data;

/// <summary>Replaces each level by its entry of a table of 256.</summary>
internal static class LevelMap
{
    private static readonly byte[] Identity = [.. Enumerable.Range(0, 256).Select(level => (byte)level)];

    /// <summary>All levels, 0 to 255: the table that changes nothing.</summary>
    public static ReadOnlySpan<byte> Levels => Identity;

    /// <summary>Replaces levels.</summary>
    /// <param name="table">256 entries.</param>
    /// <param name="levels">The levels, changed in place.</param>
    public static void Apply(ReadOnlySpan<byte> table, Span<byte> levels)
    {
        ref byte map = ref MemoryMarshal.GetReference(table[..Identity.Length]), level = ref MemoryMarshal.GetReference(levels);
        nuint i = 0, length = (nuint)levels.Length;
        if (Avx512Vbmi.IsSupported)
        {
            Vector512<byte> first = Vector512.LoadUnsafe(ref map), second = Vector512.LoadUnsafe(ref map, 64);
            Vector512<byte> third = Vector512.LoadUnsafe(ref map, 128), fourth = Vector512.LoadUnsafe(ref map, 192);
            for (; i + 64 <= length; i += 64)
            {
                // The permutation takes the lower seven bits, the comparison the eighth.
                var at = Vector512.LoadUnsafe(ref level, i);
                var dark = Avx512Vbmi.PermuteVar64x8x2(first, at, second);
                var bright = Avx512Vbmi.PermuteVar64x8x2(third, at, fourth);
                Vector512.ConditionalSelect(Vector512.LessThan(at.AsSByte(), Vector512<sbyte>.Zero).AsByte(), bright, dark).StoreUnsafe(ref level, i);
            }
        }

        for (; i < length; i++)
        {
            ref byte one = ref Unsafe.Add(ref level, i);
            one = Unsafe.Add(ref map, one);
        }
    }
}
