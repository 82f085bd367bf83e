using Microsoft.Win32.SafeHandles;

namespace Tclr.Data;

/// <summary>A file with all frames of one video.</summary>
internal static class FrameFile
{
    private const int ChunkBytes = 128 << 20;

    /// <summary>Reads frames. Each is compared with its checksum.</summary>
    /// <remarks>
    /// Positional reads into the window in place of a memory map: the bytes are copied once in both cases, from the same
    /// page cache, and a file that another process cuts short, or a disk that fails, is an exception and not the end of the process.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="key">What the frames have to belong to.</param>
    /// <param name="frames">Indices, ascending.</param>
    /// <param name="window">The frames; <see langword="null"/> if there is no such file, it belongs to something else, or it has fewer frames.</param>
    /// <returns>Whether the file is there and belongs to the key.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, cut short, or of another version; the message says which.</exception>
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
            throw new InvalidDataException(FormattableString.Invariant($"it has {length} bytes and should have {header.FileLength}"));
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

    /// <summary>Decodes all frames of a video and writes them. The file is there when it is complete, or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="header">What the frames belong to, their number and size; takes their checksums.</param>
    /// <param name="decode">Decodes frames by index.</param>
    /// <exception cref="InvalidDataException">The video gives other frames than at first.</exception>
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

    // Each chunk is a decode of its own. The first frame is in all of them, and tells whether they are of one video.
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
            throw new InvalidDataException("it decodes to other frames than before");
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
            throw new InvalidDataException("it is cut short");
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
                throw new InvalidDataException("it is cut short");
            }

            target = target[got..];
            position += got;
        }
    }
}
