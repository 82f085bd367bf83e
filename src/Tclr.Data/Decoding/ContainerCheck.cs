using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Tclr.Data;

/// <summary>Detects truncated files by the sizes that they state: MP4 and QuickTime boxes, RIFF and Matroska headers.</summary>
internal static class ContainerCheck
{
    private const int MaximumBoxes = 1000;

    /// <summary>Checks whether a file is truncated.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The reason; <see langword="null"/> if the file is complete or its format unknown.</returns>
    public static string? Truncation(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            long length = RandomAccess.GetLength(file);
            Span<byte> head = stackalloc byte[64];
            head = head[..RandomAccess.Read(file, head, 0)];
            if (head.Length < 16)
            {
                return null;
            }

            return head switch
            {
                _ when IsAvi(head) => Sized("RIFF", 8, BinaryPrimitives.ReadUInt32LittleEndian(head[4..]), length),
                _ when head.StartsWith((ReadOnlySpan<byte>)[0x1A, 0x45, 0xDF, 0xA3]) => Matroska(head, length),
                _ when IsMp4(head) => Boxes(file, length),
                _ => null,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether the header states the number of frames, as in AVI and MP4.</summary>
    public static bool StatesFrames(string path)
    {
        Span<byte> head = stackalloc byte[16];
        return TryRead(path, 0, head) && (IsAvi(head) || IsMp4(head));
    }

    /// <summary>Whether an MP4 file has an edit list, which may hide frames.</summary>
    public static bool HasEdits(string path)
    {
        Span<byte> head = stackalloc byte[16];
        return TryRead(path, 0, head) && IsMp4(head) && Mp4EditList.CutsFrames(path);
    }

    private static bool TryRead(string path, long at, Span<byte> target)
    {
        try
        {
            using var file = File.OpenHandle(path);
            return RandomAccess.Read(file, target, at) == target.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsAvi(ReadOnlySpan<byte> head) => head.StartsWith("RIFF"u8) && head[8..].StartsWith("AVI "u8);

    private static bool IsMp4(ReadOnlySpan<byte> head) => head[4..].StartsWith("ftyp"u8) || head[4..].StartsWith("moov"u8) || head[4..].StartsWith("mdat"u8);

    private static string? Sized(string what, long start, ulong size, long length)
        => size == 0 ? $"its {what} header was never completed"
            : start + (double)size > length
                ? string.Create(CultureInfo.InvariantCulture, $"its {what} header states {start + (double)size:0} bytes, but the file has {length}")
                : null;

    private static string? Matroska(ReadOnlySpan<byte> head, long length)
    {
        int at = 4;
        if (Number(head, ref at) is not { } skip || skip > 64 || head[at..].Length < (int)skip + 5)
        {
            return null;
        }

        at += (int)skip;
        if (!head[at..].StartsWith((ReadOnlySpan<byte>)[0x18, 0x53, 0x80, 0x67]))
        {
            return null;
        }

        at += 4;
        return Number(head, ref at) is { } size and > 0 ? Sized("segment", at, size, length) : null;
    }

    // A Matroska size: the leading zeros of the first byte give the number of bytes that follow; all ones mean 'unknown'.
    private static ulong? Number(ReadOnlySpan<byte> head, ref int at)
    {
        int extra = at < head.Length ? byte.LeadingZeroCount(head[at]) : 8;
        if (extra > 7 || at + extra >= head.Length)
        {
            return null;
        }

        ulong value = head[at] & (0x7FUL >> extra);
        for (int i = 1; i <= extra; i++)
        {
            value = (value << 8) | head[at + i];
        }

        at += extra + 1;
        return value == (1UL << (7 * (extra + 1))) - 1 ? null : value;
    }

    private static string? Boxes(SafeFileHandle file, long length)
    {
        Span<byte> box = stackalloc byte[16];
        long at = 0;
        bool index = false;
        for (int i = 0; i < MaximumBoxes && at + 8 <= length; i++)
        {
            int read = RandomAccess.Read(file, box, at);
            ulong size = BinaryPrimitives.ReadUInt32BigEndian(box);
            index |= box[4..].StartsWith("moov"u8);
            if (size == 0)
            {
                break; // up to the end of the file
            }

            size = size == 1 && read == 16 ? BinaryPrimitives.ReadUInt64BigEndian(box[8..]) : size;
            if (size < 8)
            {
                return null; // damaged in another way
            }

            if (at + (double)size > length)
            {
                return Sized("file", at, size, length);
            }

            at += (long)size;
        }

        return index ? null : "it has no 'moov' box, the index of the frames, which is often at the end";
    }
}
