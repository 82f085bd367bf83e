using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tclr.Data;

/// <summary>Converts bytes to numbers and back, 16 at a time. All arithmetic is exact, so every processor gives the same bytes.</summary>
internal static class PixelLanes
{
    /// <summary>Number of pixels in a vector.</summary>
    public const int Count = 16;

    private static Vector128<byte> UpperHalf => Vector128.Create((byte)8, 9, 10, 11, 12, 13, 14, 15, 0, 0, 0, 0, 0, 0, 0, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Load(ref byte source, nuint at)
    {
        var bytes = Vector128.LoadUnsafe(ref source, at);
        if (Avx512F.IsSupported)
        {
            return Avx512F.ConvertToVector512Int32(bytes);
        }

        if (Avx2.IsSupported)
        {
            return Vector512.Create(Avx2.ConvertToVector256Int32(bytes), Avx2.ConvertToVector256Int32(Vector128.Shuffle(bytes, UpperHalf)));
        }

        var (low, high) = Vector128.Widen(bytes);
        return Vector512.Create(Vector256.Create(Vector128.WidenLower(low), Vector128.WidenUpper(low)), Vector256.Create(Vector128.WidenLower(high), Vector128.WidenUpper(high))).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadSingle(ref byte source, nuint at) => Vector512.ConvertToSingle(Load(ref source, at));

    /// <summary>Stores numbers from 0 to 255.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> values, ref byte target, nuint at) => Narrowed(values).StoreUnsafe(ref target, at);

    /// <summary>Clips to 0 to 255, truncates and stores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreClipped(Vector512<float> values, ref byte target, nuint at)
        => Store(Truncate(Vector512.MinNative(Vector512.MaxNative(values, Vector512<float>.Zero), Vector512.Create(255f))), ref target, at);

    /// <summary>Truncates numbers of up to 31 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Truncate(Vector512<float> values) => Vector512.ConvertToInt32Native(values);

    /// <summary>Levels divided by 255, rounded once: 1/255 in two parts, of which the first gives an exact product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Share(Vector512<float> levels)
    {
        const float high = 1f / 256, low = (float)((1.0 / 255) - (1.0 / 256));
        return (levels * high) + (levels * low);
    }

    /// <summary>Luma of ITU-R BT.601 in 16-bit fixed point; exact in single precision, as all terms are below 2^24.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Luma(Vector512<float> red, Vector512<float> green, Vector512<float> blue)
        => Truncate((red * 19595f) + (green * 38470f) + (blue * 7471f) + Vector512.Create(32768f)) >> 16;

    /// <summary>Luma of the pixels from an offset on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<int> Luma(ref byte red, ref byte green, ref byte blue, nuint at)
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
            var lanes = Vector512<int>.Zero;
            for (; i <= stop; i += Count)
            {
                lanes += Load(ref x, (nuint)i);
            }

            sum += Vector512.Sum(Vector512.WidenLower(lanes) + Vector512.WidenUpper(lanes));
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Narrowed(Vector512<int> values)
    {
        if (Avx512F.IsSupported)
        {
            return Avx512F.ConvertToVector128Byte(values);
        }

        var words = Vector256.Narrow(values.GetLower(), values.GetUpper()).AsUInt16();
        return Vector128.Narrow(words.GetLower(), words.GetUpper());
    }
}
