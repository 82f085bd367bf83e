namespace Tclr.Evaluation;

/// <summary>Where an encoder looks in a clip.</summary>
public sealed class AttentionMap
{
    private readonly float[] values;

    internal AttentionMap(float[] values, int frames, int height, int width)
    {
        this.values = values;
        (Frames, Height, Width) = (frames, height, width);
    }

    /// <summary>Number of frames <c>T</c>.</summary>
    public int Frames { get; }

    /// <summary>Height of a frame in pixels.</summary>
    public int Height { get; }

    /// <summary>Width of a frame in pixels.</summary>
    public int Width { get; }

    /// <summary>Gives the attention over a frame.</summary>
    /// <param name="index">The frame, from 0.</param>
    /// <returns><c>[Height, Width]</c>, 0 where the clip has least to 1 where it has most.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    public ReadOnlySpan<float> Frame(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Frames);
        return values.AsSpan(index * Height * Width, Height * Width);
    }

    /// <summary>Lays the attention over a frame: gray where there is little, warm colors where there is much.</summary>
    /// <param name="index">The frame, from 0.</param>
    /// <param name="rgb">Its pixels, 8-bit RGB <c>[Height, Width, 3]</c>.</param>
    /// <returns>Pixels of the same shape.</returns>
    /// <exception cref="ArgumentException">There are not <c>Height * Width * 3</c> bytes.</exception>
    public byte[] Overlay(int index, ReadOnlySpan<byte> rgb)
    {
        var attention = Frame(index);
        if (rgb.Length != 3 * attention.Length)
        {
            throw new ArgumentException(FormattableString.Invariant($"AttentionMap: expected {3 * attention.Length} bytes for {Width}x{Height} RGB pixels, got {rgb.Length}"), nameof(rgb));
        }

        byte[] result = new byte[rgb.Length];
        for (int i = 0; i < attention.Length; i++)
        {
            float gray = 0.6f * ((0.3f * rgb[3 * i]) + (0.59f * rgb[(3 * i) + 1]) + (0.11f * rgb[(3 * i) + 2])), share = attention[i];

            // Black through orange to yellow: its lightness grows with the attention, so it reads without colors too.
            result[3 * i] = Mix(gray, Math.Min(1, 1.5f * share), share);
            result[(3 * i) + 1] = Mix(gray, share * share * 0.9f, share);
            result[(3 * i) + 2] = Mix(gray, 0.1f * share, share);
        }

        return result;
    }

    private static byte Mix(float gray, float color, float share) => (byte)Math.Clamp((gray * (1 - (0.5f * share))) + (160 * color * share), 0, 255);
}
