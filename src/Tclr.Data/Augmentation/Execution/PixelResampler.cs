using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Tclr.Core;

namespace Tclr.Data;

/// <summary>
/// Crops and resizes 8-bit frames as Pillow does: along rows, rounded to bytes, then along columns, rounded again.
/// A weight of 22 bits is split into 11 and 11, so that 16-bit multiplications give the exact sum.
/// </summary>
internal sealed class PixelResampler : IPixelResampler
{
    private const int TapsPerVector = 4;
    private const int LowBits = 11;
    private readonly FixedWeights columns;
    private readonly FixedWeights rows;
    private readonly int sourceWidth;
    private readonly bool reversed;
    private readonly int outputs;
    private readonly int groups;
    private readonly short[] vectors;
    private readonly int[] starts;
    private readonly byte[] resized;
    private readonly byte[] lastRow;

    public PixelResampler(ClipResize resize, int sourceHeight, int sourceWidth, ChannelOrder channels)
    {
        var box = resize.Box;
        columns = new FixedWeights(box.X, box.Width, sourceWidth, resize.ScaledWidth, resize.Left, resize.Width, resize.Filter);
        rows = new FixedWeights(box.Y, box.Height, sourceHeight, resize.ScaledHeight, resize.Top, resize.Height, resize.Filter);
        this.sourceWidth = sourceWidth;
        reversed = channels == ChannelOrder.Bgr;
        groups = (columns.Taps + TapsPerVector - 1) / TapsPerVector;

        // A multiple of four, so that whole vectors are stored; the surplus is not read.
        outputs = (resize.Width + 3) / 4 * 4;
        vectors = Pack();
        starts = [.. columns.Starts.Select(start => start * 3), .. new int[outputs - resize.Width]];
        resized = ArrayPool<byte>.Shared.Rent(rows.Length * outputs * 4);
        lastRow = ArrayPool<byte>.Shared.Rent((columns.Length * 3) + (groups * TapsPerVector * 3) + 16);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(resized);
        ArrayPool<byte>.Shared.Return(lastRow);
    }

    /// <summary>Resamples RGB pixels <c>[H, W, 3]</c> into planes.</summary>
    public void Run(ReadOnlySpan<byte> source, PixelFrame target)
    {
        int reach = (columns.Length * 3) + (groups * TapsPerVector * 3) + 4;
        for (int y = 0; y < rows.Length; y++)
        {
            var row = source[((((rows.From + y) * sourceWidth) + columns.From) * 3)..];
            if (row.Length < reach)
            {
                // Vectors may extend beyond the crop, but not beyond the frame.
                row[..(columns.Length * 3)].CopyTo(lastRow);
                row = lastRow;
            }

            AlongRow(ref MemoryMarshal.GetReference(row), ref resized[y * outputs * 4]);
        }

        AlongColumns(target);
    }

    // One vector holds four taps of one output pixel: pairs of R, G, B in either half, next to their weights.
    private void AlongRow(ref byte row, ref byte target)
    {
        ref short weight = ref MemoryMarshal.GetArrayDataReference(vectors);
        ref int start = ref MemoryMarshal.GetArrayDataReference(starts);
        int step = groups * 32;
        for (int x = 0; x < outputs; x += 4)
        {
            var (a, b, c, d) = groups == 1
                ? (One(ref row, Unsafe.Add(ref start, x), ref weight),
                    One(ref row, Unsafe.Add(ref start, x + 1), ref Unsafe.Add(ref weight, 32)),
                    One(ref row, Unsafe.Add(ref start, x + 2), ref Unsafe.Add(ref weight, 64)),
                    One(ref row, Unsafe.Add(ref start, x + 3), ref Unsafe.Add(ref weight, 96)))
                : (Many(ref row, Unsafe.Add(ref start, x), ref weight),
                    Many(ref row, Unsafe.Add(ref start, x + 1), ref Unsafe.Add(ref weight, step)),
                    Many(ref row, Unsafe.Add(ref start, x + 2), ref Unsafe.Add(ref weight, 2 * step)),
                    Many(ref row, Unsafe.Add(ref start, x + 3), ref Unsafe.Add(ref weight, 3 * step)));
            Bytes(Halves(a, b), Halves(c, d)).StoreUnsafe(ref target, (nuint)(x * 4));
            weight = ref Unsafe.Add(ref weight, 4 * step);
        }
    }

    // Four taps or fewer, as most clips have.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> One(ref byte row, int start, ref short weight)
    {
        var pairs = Pairs(Vector128.LoadUnsafe(ref row, (nuint)start));
        return (PixelLanes.MultiplyAddAdjacent(pairs, Vector256.LoadUnsafe(ref weight)) << LowBits)
            + PixelLanes.MultiplyAddAdjacent(pairs, Vector256.LoadUnsafe(ref weight, 16));
    }

    private Vector256<int> Many(ref byte row, int start, ref short weight)
    {
        Vector256<int> sum = default;
        for (int g = 0; g < groups; g++)
        {
            sum += One(ref row, start + (g * TapsPerVector * 3), ref Unsafe.Add(ref weight, g * 32));
        }

        return sum;
    }

    // Adds the halves of two vectors, each with the taps of one pixel.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Halves(Vector256<int> a, Vector256<int> b)
        => Avx2.IsSupported
            ? Avx2.Permute2x128(a, b, 0x20) + Avx2.Permute2x128(a, b, 0x31)
            : Vector256.Create(a.GetLower() + a.GetUpper(), b.GetLower() + b.GetUpper());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Pairs(Vector128<byte> pixels)
    {
        const byte none = 0x80;
        var first = Vector128.Create((byte)0, none, 3, none, 1, none, 4, none, 2, none, 5, none, none, none, none, none);
        var second = Vector128.Create((byte)6, none, 9, none, 7, none, 10, none, 8, none, 11, none, none, none, none, none);
        return Avx2.IsSupported
            ? Avx2.Shuffle(Vector256.Create(pixels, pixels), Vector256.Create(first, second)).AsInt16()
            : Vector256.Create(Vector128.Shuffle(pixels, first), Vector128.Shuffle(pixels, second)).AsInt16();
    }

    private void AlongColumns(PixelFrame target)
    {
        int stride = outputs * 4, taps = rows.Taps, width = target.Width;
        ref byte red = ref MemoryMarshal.GetReference(target[reversed ? 2 : 0]);
        ref byte green = ref MemoryMarshal.GetReference(target[1]);
        ref byte blue = ref MemoryMarshal.GetReference(target[reversed ? 0 : 2]);
        for (int y = 0; y < target.Height; y++)
        {
            ref byte source = ref resized[rows.Starts[y] * stride];
            ref int weight = ref rows.Weights[y * taps];
            for (int x = 0; x < outputs; x += 4)
            {
                Vector512<int> sum = default;
                for (int k = 0; k < taps; k++)
                {
                    nuint at = (nuint)((k * stride) + (x * 4));
                    sum += PixelLanes.Load(ref source, at) * Unsafe.Add(ref weight, k);
                }

                var pixels = Bytes(sum.GetLower(), sum.GetUpper());
                var planes = Vector128.Shuffle(pixels, Vector128.Create((byte)0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15)).AsUInt32();

                // The last store of a row may reach into the next one, which is written later, or into the padding of the plane.
                int place = (y * width) + x;
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref red, place), planes.GetElement(0));
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref green, place), planes.GetElement(1));
                Unsafe.WriteUnaligned(ref Unsafe.Add(ref blue, place), planes.GetElement(2));
            }
        }
    }

    // Fixed point to bytes: rounded and clipped.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Bytes(Vector256<int> low, Vector256<int> high)
    {
        var half = Vector256.Create(FixedWeights.Half);
        (low, high) = ((low + half) >> FixedWeights.Bits, (high + half) >> FixedWeights.Bits);
        if (Sse2.IsSupported)
        {
            return Sse2.PackUnsignedSaturate(Sse2.PackSignedSaturate(low.GetLower(), low.GetUpper()), Sse2.PackSignedSaturate(high.GetLower(), high.GetUpper()));
        }

        var most = Vector256.Create(255);
        (low, high) = (Vector256.Clamp(low, Vector256<int>.Zero, most), Vector256.Clamp(high, Vector256<int>.Zero, most));
        var words = Vector256.Narrow(low, high).AsUInt16();
        return Vector128.Narrow(words.GetLower(), words.GetUpper());
    }

    // [outputs, groups, high and low, 16]
    private short[] Pack()
    {
        short[] packed = new short[outputs * groups * 32];
        for (int x = 0; x < columns.Starts.Length; x++)
        {
            for (int k = 0; k < columns.Taps; k++)
            {
                int weight = columns.Weights[(x * columns.Taps) + k];
                int group = (((x * groups) + (k / TapsPerVector)) * 32) + (k % TapsPerVector / 2 * 8) + (k % 2);
                for (int channel = 0; channel < 4; channel++)
                {
                    packed[group + (channel * 2)] = (short)(weight >> LowBits);
                    packed[group + 16 + (channel * 2)] = (short)(weight & ((1 << LowBits) - 1));
                }
            }
        }

        return packed;
    }
}

/// <summary>
/// The weights of each output pixel along one axis, in 22-bit fixed point: those that Pillow computes for a cropped
/// image, so that both give the same bytes.
/// </summary>
internal sealed class FixedWeights
{
    /// <summary>Number of fractional bits of a weight.</summary>
    public const int Bits = 22;

    /// <summary>One half, added before truncation.</summary>
    public const int Half = 1 << (Bits - 1);

    /// <summary>Computes the weights.</summary>
    /// <param name="start">Start of the crop, in pixels.</param>
    /// <param name="length">Length of the crop, in pixels.</param>
    /// <param name="size">Number of pixels of the source.</param>
    /// <param name="scaled">Number of pixels that the crop is resized to.</param>
    /// <param name="first">The first output pixel that is kept.</param>
    /// <param name="outputs">Number of output pixels that are kept.</param>
    /// <param name="filter">The filter.</param>
    public FixedWeights(double start, double length, int size, int scaled, int first, int outputs, ResizeFilter filter)
    {
        From = Math.Clamp((int)Math.Floor(start), 0, size - 1);
        Length = Math.Clamp((int)Math.Ceiling(start + length), From + 1, size) - From;
        double scale = length / scaled, stretch = Math.Max(scale, 1);
        double support = stretch * (filter == ResizeFilter.Bicubic ? 2 : 1);
        int room = Math.Min(((int)Math.Ceiling(support) * 2) + 1, Length);
        Span<double> row = stackalloc double[room];
        var rows = new int[outputs][];
        Starts = new int[outputs];
        for (int i = 0; i < outputs; i++)
        {
            double center = start - From + ((first + i + 0.5) * scale);
            int low = Math.Clamp((int)(center - support + 0.5), 0, Length - 1);
            int taps = Math.Clamp((int)(center + support + 0.5), low + 1, Length) - low;
            double sum = 0;
            for (int x = 0; x < taps; x++)
            {
                row[x] = Weight((x + low - center + 0.5) * (1 / stretch), filter);
                sum += row[x];
            }

            rows[i] = new int[taps];
            for (int x = 0; x < taps; x++)
            {
                double weight = (sum != 0 ? row[x] / sum : 1.0 / taps) * (1 << Bits);
                rows[i][x] = (int)(weight < 0 ? weight - 0.5 : weight + 0.5);
            }

            Starts[i] = low;
        }

        Taps = rows.Max(weights => weights.Length);
        Weights = new int[outputs * Taps];
        for (int i = 0; i < outputs; i++)
        {
            // All outputs read the same number of pixels; those at the end start earlier, with leading zeros.
            int back = Math.Max(Starts[i] + Taps - Length, 0);
            rows[i].CopyTo(Weights, (i * Taps) + back);
            Starts[i] -= back;
        }
    }

    /// <summary>First pixel of the source that is used.</summary>
    public int From { get; }

    /// <summary>Number of pixels of the source that are used.</summary>
    public int Length { get; }

    /// <summary>Number of taps of an output pixel.</summary>
    public int Taps { get; }

    /// <summary>First tap of each output pixel, counted from <see cref="From"/>.</summary>
    public int[] Starts { get; }

    /// <summary>Weights <c>[outputs, Taps]</c>.</summary>
    public int[] Weights { get; }

    private static double Weight(double x, ResizeFilter filter)
    {
        x = Math.Abs(x);
        if (filter != ResizeFilter.Bicubic)
        {
            return Math.Max(1 - x, 0);
        }

        // Keys (1981), a = -0.5.
        return x < 1 ? (((1.5 * x) - 2.5) * x * x) + 1 : x < 2 ? (((((x - 5) * x) + 8) * x) - 4) * -0.5 : 0;
    }
}
