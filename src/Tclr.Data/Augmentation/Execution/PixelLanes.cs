using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tclr.Data;

/// <summary>Converts bytes to numbers and back, eight at a time. All arithmetic is exact, so every processor gives the same bytes.</summary>
internal static class PixelLanes
{
    /// <summary>Number of pixels in a vector.</summary>
    public const int Count = 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load(ref byte source, nuint at)
    {
        var bytes = Vector128.CreateScalarUnsafe(Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref source, at))).AsByte();
        if (Avx2.IsSupported)
        {
            return Avx2.ConvertToVector256Int32(bytes);
        }

        var (low, high) = Vector128.Widen(Vector128.WidenLower(bytes));
        return Vector256.Create(low.AsInt32(), high.AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LoadSingle(ref byte source, nuint at) => Vector256.ConvertToSingle(Load(ref source, at));

    /// <summary>Stores numbers from 0 to 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<int> values, ref byte target, nuint at)
    {
        var words = Vector128.Narrow(values.GetLower(), values.GetUpper());
        ulong bytes = Vector128.Narrow(words.AsUInt16(), words.AsUInt16()).AsUInt64().ToScalar();
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, at), bytes);
    }

    /// <summary>Clips to 0 to 255, truncates and stores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreClipped(Vector256<float> values, ref byte target, nuint at)
        => Store(Truncate(Vector256.Min(Vector256.Max(values, Vector256<float>.Zero), Vector256.Create(255f))), ref target, at);

    /// <summary>Truncates numbers of up to 31 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Truncate(Vector256<float> values) => Vector256.ConvertToInt32Native(values);

    /// <summary>Levels divided by 255, rounded once: 1/255 in two parts, of which the first gives an exact product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Share(Vector256<float> levels)
    {
        const float high = 1f / 256, low = (float)((1.0 / 255) - (1.0 / 256));
        return (levels * high) + (levels * low);
    }

    /// <summary>Luma of ITU-R BT.601 in 16-bit fixed point; exact in single precision, as all terms are below 2^24.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Luma(Vector256<float> red, Vector256<float> green, Vector256<float> blue)
        => Truncate((red * 19595f) + (green * 38470f) + (blue * 7471f) + Vector256.Create(32768f)) >> 16;

    /// <summary>Luma of the pixels from an offset on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Luma(ref byte red, ref byte green, ref byte blue, nuint at)
        => Luma(LoadSingle(ref red, at), LoadSingle(ref green, at), LoadSingle(ref blue, at));

    /// <summary>Sum of levels.</summary>
    public static long Sum(ReadOnlySpan<byte> levels)
    {
        long sum = 0;
        ref byte x = ref MemoryMarshal.GetReference(levels);
        int i = 0;
        while (i <= levels.Length - Count)
        {
            // A lane can hold the sum of 2^23 levels.
            int stop = Math.Min(levels.Length - Count, i + (1 << 24));
            var lanes = Vector256<int>.Zero;
            for (; i <= stop; i += Count)
            {
                lanes += Load(ref x, (nuint)i);
            }

            sum += Vector256.Sum(Vector256.WidenLower(lanes) + Vector256.WidenUpper(lanes));
        }

        for (; i < levels.Length; i++)
        {
            sum += levels[i];
        }

        return sum;
    }

    /// <summary>Multiplies 16-bit numbers and adds the products of neighbors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> MultiplyAddAdjacent(Vector256<short> left, Vector256<short> right)
        => Avx2.IsSupported ? Avx2.MultiplyAddAdjacent(left, right) : MultiplyAddAdjacentPortable(left, right);

    /// <summary><see cref="MultiplyAddAdjacent"/> for processors without the instruction.</summary>
    public static Vector256<int> MultiplyAddAdjacentPortable(Vector256<short> left, Vector256<short> right)
    {
        Vector256<int> a = left.AsInt32(), b = right.AsInt32();
        return ((a >> 16) * (b >> 16)) + (((a << 16) >> 16) * ((b << 16) >> 16));
    }
}
