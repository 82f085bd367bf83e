using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Where an encoder looks in a clip: the energy of its last feature map, over the frames.</summary>
/// <remarks>
/// The energy is the mean over channels of the squared activations, scaled to 0 to 1 within a clip and interpolated linearly
/// over time and space. It takes one forward pass and no gradients. Sources: Zagoruyko and Komodakis, "Paying more
/// attention to attention" (2017), activation-based maps; Dave et al., "TCLR" (2022), appendix K.
/// </remarks>
/// <example><code>
/// var maps = AttentionMap.Of(encoder, batch);                        // [N, 3, T, H, W]
/// byte[] picture = maps[0].Overlay(index: 0, rgb);                   // the first frame of the first clip
/// </code></example>
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

    /// <summary>Computes the attention of clips.</summary>
    /// <param name="encoder">An encoder with <see cref="IVideoEncoder.EncodeMap"/>. It runs in evaluation mode; its modes are restored.</param>
    /// <param name="clips">Float clips <c>[N, 3, T, H, W]</c>, a handful; the caller keeps owning them.</param>
    /// <returns>A map for each clip.</returns>
    /// <exception cref="ArgumentException">The encoder has no <see cref="IVideoEncoder.EncodeMap"/>, or the clips do not have five dimensions.</exception>
    public static IReadOnlyList<AttentionMap> Of(IVideoEncoder encoder, Tensor clips)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        InputCheck.Finite(clips, "[N,3,T,H,W]", nameof(AttentionMap), nameof(clips));
        using var mode = new EvaluationMode(encoder.Network);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var output = encoder.EncodeMap(clips.to(ClipEncoding.DeviceOf(encoder))) ?? throw new ArgumentException(
            $"{nameof(AttentionMap)}: expected an encoder with a spatial feature map, got {encoder.GetType().Name}, which only returns features averaged over space: implement {nameof(IVideoEncoder)}.{nameof(IVideoEncoder.EncodeMap)}", nameof(encoder));
        var map = output.to(ScalarType.Float32);
        var energy = (map * map).mean([1]).cpu().contiguous();                      // [N, T', H', W']
        int[] shape = [.. energy.shape.Select(size => (int)size)];
        float[] energies = energy.data<float>().ToArray();
        int frames = (int)clips.shape[2], height = (int)clips.shape[3], width = (int)clips.shape[4], volume = shape[1] * shape[2] * shape[3];
        return
        [
            .. Enumerable.Range(0, shape[0]).Select(clip => new AttentionMap(
                Unit(LinearUpsampling.Of(energies.AsSpan(clip * volume, volume), (shape[1], shape[2], shape[3]), (frames, height, width))), frames, height, width)),
        ];
    }

    /// <summary>Gets the attention over a frame.</summary>
    /// <param name="index">The frame, from 0.</param>
    /// <returns><c>[Height, Width]</c>, from 0, the minimum of the clip, to 1, its maximum.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such frame.</exception>
    public ReadOnlySpan<float> Frame(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Frames);
        return values.AsSpan(index * Height * Width, Height * Width);
    }

    /// <summary>Draws the attention over a frame: gray where it is low, warm colors where it is high.</summary>
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

    private static float[] Unit(float[] values)
    {
        float low = values.Min(), range = values.Max() - low;
        return Array.ConvertAll(values, value => range > 0 ? (value - low) / range : 0);
    }

    private static byte Mix(float gray, float color, float share) => (byte)Math.Clamp((gray * (1 - (0.5f * share))) + (160 * color * share), 0, 255);
}
