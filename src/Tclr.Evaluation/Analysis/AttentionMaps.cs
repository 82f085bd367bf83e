using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Evaluation;

/// <summary>Where an encoder looks: the energy of its last feature map, laid over the frames.</summary>
/// <remarks>
/// The energy is the mean over channels of the squared activations, scaled to 0 to 1 within a clip and interpolated linearly
/// over time and space. It needs one forward pass and no gradients, and the features before they are averaged over space,
/// which encoders of Tclr.Models give (<see cref="ISpatialVideoEncoder"/>). Sources: Zagoruyko and Komodakis, "Paying more
/// attention to attention" (2017), activation-based maps; Dave et al., "TCLR" (2022), appendix K.
/// </remarks>
/// <example><code>
/// var maps = AttentionMaps.Of(encoder, batch);                       // [N, 3, T, H, W]
/// byte[] picture = maps[0].Overlay(index: 0, rgb);                   // of the first frame of the first clip
/// </code></example>
public static class AttentionMaps
{
    /// <summary>Computes the attention of clips.</summary>
    /// <param name="encoder">An <see cref="ISpatialVideoEncoder"/>; it runs in evaluation mode and is given back in the mode it was in.</param>
    /// <param name="clips">Float clips <c>[N, 3, T, H, W]</c>, a handful; the caller keeps owning them.</param>
    /// <returns>A map for each clip.</returns>
    /// <exception cref="ArgumentException">The encoder gives features averaged over space only, or the clips do not have five dimensions.</exception>
    public static IReadOnlyList<AttentionMap> Of(IVideoEncoder encoder, Tensor clips)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        InputCheck.Finite(clips, "[N,3,T,H,W]", nameof(AttentionMaps), nameof(clips));
        if (encoder is not ISpatialVideoEncoder spatial)
        {
            throw new ArgumentException(
                $"{nameof(AttentionMaps)}: expected an {nameof(ISpatialVideoEncoder)}, got {encoder.GetType().Name}, which gives features averaged over space only: implement {nameof(ISpatialVideoEncoder.EncodeMap)}", nameof(encoder));
        }

        using var mode = new EvaluationMode(encoder.Network);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var map = spatial.EncodeMap(clips.to(ClipEncoding.DeviceOf(encoder))).to(ScalarType.Float32);
        var energy = (map * map).mean([1]).cpu().contiguous();                      // [N, T', H', W']
        int[] shape = [.. energy.shape.Select(size => (int)size)];
        float[] values = energy.data<float>().ToArray();
        int frames = (int)clips.shape[2], height = (int)clips.shape[3], width = (int)clips.shape[4], volume = shape[1] * shape[2] * shape[3];
        return
        [
            .. Enumerable.Range(0, shape[0]).Select(clip => new AttentionMap(
                Unit(LinearUpsampling.Of(values.AsSpan(clip * volume, volume), (shape[1], shape[2], shape[3]), (frames, height, width))), frames, height, width)),
        ];
    }

    private static float[] Unit(float[] values)
    {
        float low = values.Min(), range = values.Max() - low;
        return Array.ConvertAll(values, value => range > 0 ? (value - low) / range : 0);
    }
}
