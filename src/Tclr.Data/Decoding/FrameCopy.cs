using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using OpenCvSharp;

namespace Tclr.Data;

/// <summary>Copies OpenCV's frames into windows and converts BGR to RGB.</summary>
internal static class FrameCopy
{
    // Whole pixels of a vector; the last byte is the next pixel's and is overwritten with it.
    private static readonly Vector128<byte> Swap = Vector128.Create((byte)2, 1, 0, 5, 4, 3, 8, 7, 6, 11, 10, 9, 14, 13, 12, 15);

    private static readonly Vector512<byte> WideSwap = Vector512.Create<byte>([.. Enumerable.Range(0, 64).Select(i => (byte)(i < 63 ? i + 2 - (2 * (i % 3)) : i))]);

    /// <summary>Copies a frame.</summary>
    /// <param name="frame">8-bit BGR, of the target's size.</param>
    /// <param name="target">Receives RGB <c>[H, W, 3]</c>; may be the frame's own memory.</param>
    public static unsafe void ToRgb(Mat frame, Span<byte> target)
    {
        int rows = frame.Rows, length = frame.Cols * 3;
        nint row = frame.Data, step = (nint)frame.Step();
        for (int y = 0; y < rows; y++, row += step)
        {
            Swapped(new ReadOnlySpan<byte>((void*)row, length), target.Slice(y * length, length));
        }
    }

    /// <summary>Copies an RGB frame.</summary>
    /// <param name="frame">8-bit RGB, of the target's size.</param>
    /// <param name="target">Receives RGB <c>[H, W, 3]</c>.</param>
    public static unsafe void Plain(Mat frame, Span<byte> target)
    {
        int rows = frame.Rows, length = frame.Cols * 3;
        nint row = frame.Data, step = (nint)frame.Step();
        for (int y = 0; y < rows; y++, row += step)
        {
            new ReadOnlySpan<byte>((void*)row, length).CopyTo(target.Slice(y * length, length));
        }
    }

    /// <summary>Shrinks a frame to a short side, with area interpolation.</summary>
    /// <param name="decoded">The frame.</param>
    /// <param name="small">Receives the smaller frame.</param>
    /// <param name="shortSide">Length of the short side; <see langword="null"/> to keep the size.</param>
    /// <returns>The smaller frame, or the frame itself if it is not larger.</returns>
    public static Mat Shrink(Mat decoded, Mat small, int? shortSide)
    {
        int rows = decoded.Rows, cols = decoded.Cols, side = Math.Min(rows, cols);
        if (shortSide is not { } target || side <= target)
        {
            return decoded;
        }

        double scale = (double)target / side;
        var size = new Size((int)Math.Round(cols * scale), (int)Math.Round(rows * scale));
        Cv2.Resize(decoded, small, size, 0, 0, InterpolationFlags.Area);
        return small;
    }

    /// <summary>Checks that a frame fits into a window.</summary>
    /// <exception cref="VideoDataException">It does not.</exception>
    public static void CheckSize(string path, Mat image, FrameWindow window, int frame)
    {
        if (image.Rows != window.Height || image.Cols != window.Width || image.Type() != MatType.CV_8UC3)
        {
            throw VideoFile.Faulty(
                path,
                VideoFault.DecodeError,
                $"frame {frame} is {image.Cols}x{image.Rows} ({image.Type()}): expected 8-bit color frames of one size, {window.Width}x{window.Height} as the ones before. Re-encode the video.");
        }
    }

    internal static void Swapped(ReadOnlySpan<byte> source, Span<byte> target)
    {
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(target);
        int i = 0;
        if (Avx512Vbmi.IsSupported)
        {
            for (; i <= source.Length - Vector512<byte>.Count; i += 63)
            {
                Avx512Vbmi.PermuteVar64x8(Vector512.LoadUnsafe(ref from, (nuint)i), WideSwap).StoreUnsafe(ref to, (nuint)i);
            }
        }

        for (; i <= source.Length - Vector128<byte>.Count; i += 15)
        {
            Vector128.Shuffle(Vector128.LoadUnsafe(ref from, (nuint)i), Swap).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < source.Length; i += 3)
        {
            (target[i], target[i + 1], target[i + 2]) = (source[i + 2], source[i + 1], source[i]);
        }
    }
}
