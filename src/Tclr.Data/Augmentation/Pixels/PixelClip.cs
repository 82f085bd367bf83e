using System.Buffers;

namespace Tclr.Data;

/// <summary>The frames of a clip as 8-bit planes, in a rented buffer. Planes are followed by room to write whole vectors.</summary>
internal sealed class PixelClip : IDisposable
{
    private readonly byte[] buffer;
    private readonly int stride;

    public PixelClip(int count, int height, int width)
    {
        (Count, Height, Width) = (count, height, width);

        // A multiple of all vector sizes, with room for the last row's overhang.
        stride = ((height * width) + 4 + 31) / 32 * 32;
        buffer = ArrayPool<byte>.Shared.Rent(count * 3 * stride);
    }

    public int Count { get; }

    public int Height { get; }

    public int Width { get; }

    public PixelFrame this[int frame] => new(buffer.AsSpan(frame * 3 * stride, 3 * stride), Height, Width);

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
}

/// <summary>One frame of a clip: three planes <c>[Height, Width]</c>.</summary>
internal readonly ref struct PixelFrame(Span<byte> planes, int height, int width)
{
    public int Height { get; } = height;

    public int Width { get; } = width;

    /// <summary>Number of pixels.</summary>
    public int Area => Height * Width;

    /// <summary>All planes, with the room after each; a multiple of 32.</summary>
    public Span<byte> All { get; } = planes;

    /// <summary>A plane with the room after it; its length is a multiple of 32.</summary>
    public Span<byte> this[int channel] => All.Slice(channel * (All.Length / 3), All.Length / 3);
}
