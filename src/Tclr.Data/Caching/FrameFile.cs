using Microsoft.Win32.SafeHandles;

namespace Tclr.Data;

/// <summary>A file with all frames of one video.</summary>
internal static class FrameFile
{
    private const int ChunkBytes = 128 << 20;

    /// <summary>Reads frames and verifies their checksums.</summary>
    /// <remarks>
    /// Uses positional reads instead of a memory map: both copy the bytes once, from the same page cache, but with reads a
    /// file that another process truncates, or a failing disk, causes an exception and not a crash.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="key">The expected key.</param>
    /// <param name="frames">Indices, ascending.</param>
    /// <param name="window">The frames; <see langword="null"/> if there is no such file, it has another key, or too few frames.</param>
    /// <returns>Whether the file exists and has the key.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, truncated or of another version; the message says which.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static bool Read(string path, FrameKey key, ReadOnlySpan<int> frames, out FrameWindow? window)
    {
        window = null;
        if (!File.Exists(path))
        {
            return false;
        }

        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var header = ReadHeader(file);
        if (header.Key != key)
        {
            return false;
        }

        long length = RandomAccess.GetLength(file);
        if (length != header.FileLength)
        {
            throw new InvalidDataException(FormattableString.Invariant($"it has {length} bytes, expected {header.FileLength}"));
        }

        if (frames[^1] >= header.Frames)
        {
            return true;
        }

        var read = new FrameWindow(frames.Length, header.Height, header.Width);
        try
        {
            for (int i = 0; i < frames.Length; i++)
            {
                var pixels = read.FrameToFill(i);
                Fill(file, pixels, header.Start + ((long)frames[i] * header.FrameLength));
                if (Fingerprint.Of(pixels) != header.Checksums[frames[i]])
                {
                    throw new InvalidDataException(FormattableString.Invariant($"frame {frames[i]} is damaged"));
                }
            }
        }
        catch
        {
            read.Dispose();
            throw;
        }

        window = read;
        return true;
    }

    /// <summary>Decodes all frames of a video and writes them atomically.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">Key, number and size of the frames; receives their checksums.</param>
    /// <param name="decode">Decodes frames by index.</param>
    /// <exception cref="InvalidDataException">The video decodes to different frames than before.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, FrameHeader header, Func<int[], FrameWindow> decode)
        => AtomicFile.Write(
            path,
            file =>
            {
                file.Position = header.Start;
                int chunk = Math.Max(1, (ChunkBytes / header.FrameLength) - 1);
                for (int begin = 0; begin < header.Frames; begin += chunk)
                {
                    WriteChunk(file, header, begin, Math.Min(begin + chunk, header.Frames), decode);
                }

                file.Position = 0;
                file.Write(header.ToBytes());
            },
            preallocate: header.FileLength);

    // Each chunk is decoded separately. All of them include the first frame, to detect that the video has changed.
    private static void WriteChunk(FileStream file, FrameHeader header, int begin, int end, Func<int[], FrameWindow> decode)
    {
        int extra = begin > 0 ? 1 : 0;
        using var window = decode([.. Enumerable.Repeat(0, extra), .. Enumerable.Range(begin, end - begin)]);
        if (window.Height != header.Height || window.Width != header.Width)
        {
            throw new InvalidDataException(FormattableString.Invariant($"frames of {window.Width}x{window.Height} follow frames of {header.Width}x{header.Height}"));
        }

        if (extra > 0 && Fingerprint.Of(window.Frame(0)) != header.Checksums[0])
        {
            throw new InvalidDataException("it decodes to different frames than before");
        }

        for (int i = begin; i < end; i++)
        {
            var pixels = window.Frame(i - begin + extra);
            header.Checksums[i] = Fingerprint.Of(pixels);
            file.Write(pixels);
        }
    }

    private static FrameHeader ReadHeader(SafeFileHandle file)
    {
        byte[] prefix = new byte[FrameHeader.PrefixLength];
        int got = RandomAccess.Read(file, prefix, 0);
        int length = FrameHeader.LengthOf(prefix.AsSpan(0, got));
        if (length < FrameHeader.PrefixLength || length > RandomAccess.GetLength(file))
        {
            throw new InvalidDataException("it is truncated");
        }

        byte[] header = new byte[length];
        Fill(file, header, 0);
        return FrameHeader.Parse(header);
    }

    private static void Fill(SafeFileHandle file, Span<byte> target, long position)
    {
        while (!target.IsEmpty)
        {
            int got = RandomAccess.Read(file, target, position);
            if (got == 0)
            {
                throw new InvalidDataException("it is truncated");
            }

            target = target[got..];
            position += got;
        }
    }
}
