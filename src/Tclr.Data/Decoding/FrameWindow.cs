using System.Buffers;

namespace Tclr.Data;

/// <summary>Decoded frames of one video, 8-bit RGB <c>[T, H, W, 3]</c>, in one pooled buffer.</summary>
public sealed class FrameWindow : IDisposable
{
    private byte[]? buffer;

    /// <summary>Creates a window whose pixels are not initialized.</summary>
    /// <param name="count">Number of frames <c>T</c>, 1 or more.</param>
    /// <param name="height">Height <c>H</c> in pixels, 1 or more.</param>
    /// <param name="width">Width <c>W</c> in pixels, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, or the window would be larger than 2 GB.</exception>
    public FrameWindow(int count, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        if ((double)count * height * width * 3 > Array.MaxLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count), count, $"{count} frames of {width}x{height} do not fit into one buffer: read fewer, or have the reader shrink them");
        }

        Count = count;
        Height = height;
        Width = width;
        buffer = ArrayPool<byte>.Shared.Rent(count * FrameLength);
    }

    /// <summary>Number of frames <c>T</c>.</summary>
    public int Count { get; }

    /// <summary>Height <c>H</c> in pixels.</summary>
    public int Height { get; }

    /// <summary>Width <c>W</c> in pixels.</summary>
    public int Width { get; }

    private int FrameLength => Height * Width * 3;

    /// <summary>Gets the pixels of a frame.</summary>
    /// <param name="index">Place in the window, from 0.</param>
    /// <returns>RGB <c>[H, W, 3]</c>, valid until disposal.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    /// <exception cref="ObjectDisposedException">The window has been disposed.</exception>
    public ReadOnlySpan<byte> Frame(int index) => FrameToFill(index);

    /// <summary>Gets the pixels of a frame for a reader to write.</summary>
    /// <param name="index">Place in the window, from 0.</param>
    /// <returns>RGB <c>[H, W, 3]</c>, valid until disposal.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    /// <exception cref="ObjectDisposedException">The window has been disposed.</exception>
    public Span<byte> FrameToFill(int index)
    {
        ObjectDisposedException.ThrowIf(buffer is null, this);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return buffer.AsSpan(index * FrameLength, FrameLength);
    }

    /// <summary>Returns the buffer to the pool.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref buffer, null) is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
