using System.Buffers;

namespace Tclr.Data;

/// <summary>A frame of a clip during 8-bit operations: three planes of levels.</summary>
public readonly ref struct PixelFrame
{
    internal PixelFrame(Span<byte> planes, int height, int width)
    {
        All = planes;
        (Height, Width) = (height, width);
    }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Number of pixels.</summary>
    internal int Area => Height * Width;

    /// <summary>All planes with their padding; the length is a multiple of 64.</summary>
    internal Span<byte> All { get; }

    /// <summary>The levels of a channel, 0 to 255, row by row: <c>[Height * Width]</c>.</summary>
    /// <param name="channel">0, 1 or 2, in the clip's channel order.</param>
    public Span<byte> this[int channel] => All.Slice(channel * (All.Length / 3), Area);

    /// <summary>A plane with its padding; the length is a multiple of 64.</summary>
    internal Span<byte> Padded(int channel) => All.Slice(channel * (All.Length / 3), All.Length / 3);
}

/// <summary>The frames of a clip as 8-bit planes, in a rented buffer. Planes are padded, so that whole vectors can be written.</summary>
internal sealed class PixelClip : IDisposable
{
    private readonly byte[] buffer;
    private readonly int stride;

    public PixelClip(int count, int height, int width)
    {
        (Count, Height, Width) = (count, height, width);

        // A multiple of all vector sizes, with padding for the last row.
        stride = ((height * width) + 16 + 63) / 64 * 64;
        buffer = ArrayPool<byte>.Shared.Rent(count * 3 * stride);
    }

    public int Count { get; }

    public int Height { get; }

    public int Width { get; }

    public PixelFrame this[int frame] => new(buffer.AsSpan(frame * 3 * stride, 3 * stride), Height, Width);

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
}
