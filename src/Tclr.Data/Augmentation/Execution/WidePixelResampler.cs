using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>
/// <see cref="PixelResampler"/> for processors with AVX-512: the same bytes. A permutation collects four taps of five
/// pixels from one vector of the source.
/// </summary>
internal sealed class WidePixelResampler : IPixelResampler
{
    private const int Pixels = 5;
    private const int Lanes = Pixels * 3;
    private const int LowBits = 11;
    private const int Together = 4;

    // Bytes of a group's vectors for four taps: a permutation, and the weights of even and odd taps in two parts each.
    private const int GroupBytes = 5 * 64;

    // Takes the channels of 16 pixels apart.
    private static readonly Vector512<byte> Planes = Vector512.Create<byte>([.. Enumerable.Range(0, 64).Select(i => (byte)(i < 48 ? (i % 16 * 3) + (i / 16) : 0))]);

    private readonly FixedWeights rows;
    private readonly int sourceWidth;
    private readonly bool reversed;
    private readonly int taps;
    private readonly int groups;
    private readonly int stride;
    private readonly int from;
    private readonly int length;
    private readonly int reach;
    private readonly int[] offsets;
    private readonly int[] rowWeights;
    private readonly byte[] table;
    private readonly byte[] resized;

    private WidePixelResampler(FixedWeights columns, FixedWeights rows, int[] offsets, int sourceWidth, int width, bool reversed)
    {
        this.rows = rows;
        this.sourceWidth = sourceWidth;
        this.reversed = reversed;
        this.offsets = offsets;
        taps = (columns.Taps + 3) / 4;
        groups = (width + Pixels - 1) / Pixels;
        from = columns.From;
        length = columns.Length;

        // Whole vectors are read and written. Rows behind the last one are written, and the first of them is read with weight 0.
        stride = ((groups * Lanes) + 64 + 31) / 32 * 32;
        table = ArrayPool<byte>.Shared.Rent(groups * taps * GroupBytes);
        reach = (length * 3) + 64 + ((taps - 1) * 12);
        resized = ArrayPool<byte>.Shared.Rent(((rows.Length + Together) * stride) + Math.Max(stride, Together * reach));
        FillTable(columns);
        rowWeights = Pairs(rows);
    }

    /// <summary>Creates a resampler, if the processor has the instructions and the taps of five pixels lie within a vector.</summary>
    public static WidePixelResampler? TryCreate(ClipResize resize, int sourceHeight, int sourceWidth, ChannelOrder channels)
    {
        if (!Avx512Vbmi.IsSupported)
        {
            return null;
        }

        var box = resize.Box;
        var columns = new FixedWeights(box.X, box.Width, sourceWidth, resize.ScaledWidth, resize.Left, resize.Width, resize.Filter);
        int[] starting = new int[(resize.Width + Pixels - 1) / Pixels];
        for (int g = 0; g < starting.Length; g++)
        {
            var starts = columns.Starts.AsSpan(g * Pixels, Math.Min(Pixels, resize.Width - (g * Pixels)));
            int first = starts[0], last = starts[0];
            foreach (int start in starts)
            {
                (first, last) = (Math.Min(first, start), Math.Max(last, start));
            }

            if ((last - first + 4) * 3 > 64)
            {
                return null;
            }

            starting[g] = first * 3;
        }

        var vertical = new FixedWeights(box.Y, box.Height, sourceHeight, resize.ScaledHeight, resize.Top, resize.Height, resize.Filter);
        return new WidePixelResampler(columns, vertical, starting, sourceWidth, resize.Width, channels == ChannelOrder.Bgr);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(table);
        ArrayPool<byte>.Shared.Return(resized);
    }

    public void Run(ReadOnlySpan<byte> source, PixelFrame target)
    {
        for (int y = 0; y < rows.Length; y += Together)
        {
            AlongRows(
                ref RowOf(source, y, 0), ref RowOf(source, y + 1, 1), ref RowOf(source, y + 2, 2), ref RowOf(source, y + 3, 3), ref resized[y * stride]);
        }

        AlongColumns(target);
    }

    // A row of the source; beyond the last one, some row. Vectors may extend beyond the crop, but not beyond the frame.
    private ref byte RowOf(ReadOnlySpan<byte> source, int y, int slot)
    {
        var row = source[((((rows.From + Math.Min(y, rows.Length - 1)) * sourceWidth) + from) * 3)..];
        if (row.Length >= reach)
        {
            return ref MemoryMarshal.GetReference(row);
        }

        var copy = resized.AsSpan(((rows.Length + Together) * stride) + (slot * reach), reach);
        row[..(length * 3)].CopyTo(copy);
        return ref MemoryMarshal.GetReference(copy);
    }

    // Several rows at a time, which share the loads of the weights.
    private void AlongRows(ref byte a, ref byte b, ref byte c, ref byte d, ref byte target)
    {
        ref byte vectors = ref MemoryMarshal.GetArrayDataReference(table);
        ref int offset = ref MemoryMarshal.GetArrayDataReference(offsets);
        nuint next = (nuint)stride;
        for (int g = 0; g < groups; g++)
        {
            var sumA = Vector512.Create(FixedWeights.Half);
            Vector512<int> sumB = sumA, sumC = sumA, sumD = sumA;
            nuint at = (nuint)Unsafe.Add(ref offset, g);
            for (int k = 0; k < taps; k++, at += 12)
            {
                var places = Vector512.LoadUnsafe(ref vectors);
                var evenHigh = Vector512.LoadUnsafe(ref vectors, 64).AsInt16();
                var oddHigh = Vector512.LoadUnsafe(ref vectors, 128).AsInt16();
                var evenLow = Vector512.LoadUnsafe(ref vectors, 192).AsInt16();
                var oddLow = Vector512.LoadUnsafe(ref vectors, 256).AsInt16();
                sumA += Products(Vector512.LoadUnsafe(ref a, at), places, evenHigh, oddHigh, evenLow, oddLow);
                sumB += Products(Vector512.LoadUnsafe(ref b, at), places, evenHigh, oddHigh, evenLow, oddLow);
                sumC += Products(Vector512.LoadUnsafe(ref c, at), places, evenHigh, oddHigh, evenLow, oddLow);
                sumD += Products(Vector512.LoadUnsafe(ref d, at), places, evenHigh, oddHigh, evenLow, oddLow);
                vectors = ref Unsafe.Add(ref vectors, GroupBytes);
            }

            nuint place = (nuint)(g * Lanes);
            Bytes(sumA).StoreUnsafe(ref target, place);
            Bytes(sumB).StoreUnsafe(ref target, place + next);
            Bytes(sumC).StoreUnsafe(ref target, place + (2 * next));
            Bytes(sumD).StoreUnsafe(ref target, place + (3 * next));
        }
    }

    // Four taps of each lane, weighted.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> Products(
        Vector512<byte> pixels, Vector512<byte> places, Vector512<short> evenHigh, Vector512<short> oddHigh, Vector512<short> evenLow, Vector512<short> oddLow)
    {
        var four = Avx512Vbmi.PermuteVar64x8(pixels, places);
        var even = (four.AsUInt32() & Vector512.Create(0x00FF00FFu)).AsInt16();
        var odd = Vector512.ShiftRightLogical(four.AsUInt16(), 8).AsInt16();
        return ((Avx512BW.MultiplyAddAdjacent(even, evenHigh) + Avx512BW.MultiplyAddAdjacent(odd, oddHigh)) << LowBits)
            + Avx512BW.MultiplyAddAdjacent(even, evenLow) + Avx512BW.MultiplyAddAdjacent(odd, oddLow);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Bytes(Vector512<int> sums)
        => Avx512F.ConvertToVector128ByteWithSaturation(Vector512.Max(sums >> FixedWeights.Bits, Vector512<int>.Zero).AsUInt32());

    private void AlongColumns(PixelFrame target)
    {
        int width = target.Width, pairs = (rows.Taps + 1) / 2;
        var row = resized.AsSpan((rows.Length + Together) * stride, stride);
        ref byte mixed = ref MemoryMarshal.GetReference(row);
        ref byte red = ref MemoryMarshal.GetReference(target[reversed ? 2 : 0]);
        ref byte green = ref MemoryMarshal.GetReference(target[1]);
        ref byte blue = ref MemoryMarshal.GetReference(target[reversed ? 0 : 2]);
        for (int y = 0; y < target.Height; y++)
        {
            ref byte first = ref resized[rows.Starts[y] * stride];
            ref int weights = ref rowWeights[y * pairs * 2];
            for (int x = 0; x < width * 3; x += 32)
            {
                Vector512<int> lowHigh = default, lowLow = Vector512.Create(FixedWeights.Half), highHigh = default, highLow = lowLow;
                for (int k = 0; k < pairs; k++)
                {
                    nuint at = (nuint)((2 * k * stride) + x);
                    var upper = Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref first, at));
                    var lower = Avx512BW.ConvertToVector512Int16(Vector256.LoadUnsafe(ref first, at + (nuint)stride));
                    var low = Avx512BW.UnpackLow(upper, lower);
                    var high = Avx512BW.UnpackHigh(upper, lower);
                    var coarse = Vector512.Create(Unsafe.Add(ref weights, 2 * k)).AsInt16();
                    var fine = Vector512.Create(Unsafe.Add(ref weights, (2 * k) + 1)).AsInt16();
                    lowHigh += Avx512BW.MultiplyAddAdjacent(low, coarse);
                    lowLow += Avx512BW.MultiplyAddAdjacent(low, fine);
                    highHigh += Avx512BW.MultiplyAddAdjacent(high, coarse);
                    highLow += Avx512BW.MultiplyAddAdjacent(high, fine);
                }

                var words = Avx512BW.PackUnsignedSaturate(
                    ((lowHigh << LowBits) + lowLow) >> FixedWeights.Bits, ((highHigh << LowBits) + highLow) >> FixedWeights.Bits);
                Avx512BW.ConvertToVector256ByteWithSaturation(words).StoreUnsafe(ref mixed, (nuint)x);
            }

            // The last store of a row may reach into the next one, which is written later, or into the padding of the plane.
            for (int x = 0; x < width; x += 16)
            {
                var planes = Avx512Vbmi.PermuteVar64x8(Vector512.LoadUnsafe(ref mixed, (nuint)(x * 3)), Planes);
                nuint place = (nuint)((y * width) + x);
                planes.GetLower().GetLower().StoreUnsafe(ref red, place);
                planes.GetLower().GetUpper().StoreUnsafe(ref green, place);
                planes.GetUpper().GetLower().StoreUnsafe(ref blue, place);
            }
        }
    }

    // [groups, taps / 4, GroupBytes]
    private void FillTable(FixedWeights columns)
    {
        var bytes = table.AsSpan(0, groups * taps * GroupBytes);
        bytes.Clear();
        for (int g = 0; g < groups; g++)
        {
            for (int p = 0; p < Math.Min(Pixels, columns.Starts.Length - (g * Pixels)); p++)
            {
                int x = (g * Pixels) + p;
                for (int k = 0; k < taps * 4; k++)
                {
                    var vectors = bytes.Slice(((g * taps) + (k / 4)) * GroupBytes, GroupBytes);
                    var words = MemoryMarshal.Cast<byte, short>(vectors);
                    int weight = k < columns.Taps ? columns.Weights[(x * columns.Taps) + k] : 0;
                    for (int c = 0; c < 3; c++)
                    {
                        // Lane, then the tap in it: taps 0 and 2 stand in the even bytes, 1 and 3 in the odd ones.
                        int lane = (p * 3) + c, word = (32 * (1 + (k % 2))) + (lane * 2) + (k % 4 / 2);
                        vectors[(lane * 4) + (k % 4)] = (byte)((columns.Starts[x] * 3) - offsets[g] + (k % 4 * 3) + c);
                        words[word] = (short)(weight >> LowBits);
                        words[word + 64] = (short)(weight & ((1 << LowBits) - 1));
                    }
                }
            }
        }
    }

    // [outputs, taps / 2, coarse and fine]: the weights of two neighboring rows, 16 bits each.
    private static int[] Pairs(FixedWeights axis)
    {
        int pairs = (axis.Taps + 1) / 2;
        int[] packed = new int[axis.Starts.Length * pairs * 2];
        for (int i = 0; i < axis.Starts.Length; i++)
        {
            for (int k = 0; k < axis.Taps; k++)
            {
                int weight = axis.Weights[(i * axis.Taps) + k], at = ((i * pairs) + (k / 2)) * 2, shift = k % 2 * 16;
                packed[at] |= (ushort)(weight >> LowBits) << shift;
                packed[at + 1] |= (weight & ((1 << LowBits) - 1)) << shift;
            }
        }

        return packed;
    }
}
