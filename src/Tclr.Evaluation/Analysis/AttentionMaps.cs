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
/// var figure = AttentionMaps.ToFigure("Attention", batch, maps, names);
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

    /// <summary>Shows clips and the attention over them, two rows for each clip.</summary>
    /// <param name="title">The figure's heading.</param>
    /// <param name="clips">The clips <c>[N, 3, T, H, W]</c> that the maps are of, RGB on any scale; the caller keeps owning them.</param>
    /// <param name="maps">Their maps.</param>
    /// <param name="names">A name for each clip.</param>
    /// <param name="frames">How many frames of a clip to show at most, evenly spread, 1 or more.</param>
    /// <returns>The figure, with a caption.</returns>
    /// <exception cref="ArgumentException">Clips, maps and names are not as many, or not of the same size.</exception>
    public static ThumbnailGrid ToFigure(string title, Tensor clips, IReadOnlyList<AttentionMap> maps, IReadOnlyList<string> names, int frames = 6)
    {
        InputCheck.Finite(clips, "[N,3,T,H,W]", nameof(AttentionMaps), nameof(clips));
        ArgumentNullException.ThrowIfNull(maps);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        long[] shape = clips.shape;
        if (shape[1] != 3 || maps.Count != shape[0] || names.Count != shape[0] || maps.Any(map => map.Frames != shape[2] || map.Height != shape[3] || map.Width != shape[4]))
        {
            throw new ArgumentException(
                $"{nameof(AttentionMaps)}: expected RGB clips [N,3,T,H,W] with a map of that size and a name each, got [{string.Join(',', shape)}], {maps.Count} maps and {names.Count} names", nameof(clips));
        }

        var rows = new List<ThumbnailRow>();
        for (int clip = 0; clip < maps.Count; clip++)
        {
            byte[][] pixels = Pixels(clips, clip);
            var map = maps[clip];
            int[] shown = [.. ClipCurves.Spread(Math.Min(frames, map.Frames), map.Frames).Select(frame => (int)frame)];
            rows.Add(new(names[clip], [.. shown.Select(frame => Thumbnail.FromRgb(pixels[frame], map.Width, map.Height, $"frame {frame + 1}"))]));
            rows.Add(new(string.Empty, [.. shown.Select(frame => Thumbnail.FromRgb(map.Overlay(frame, pixels[frame]), map.Width, map.Height, "attention"))]));
        }

        return new ThumbnailGrid(title, rows) { Caption = "Frames, and below them where the encoder's last features are strongest: yellow is most, gray is none, on one scale for each clip." };
    }

    /// <summary>Frames of a clip as 8-bit RGB, its range stretched to all of it.</summary>
    private static byte[][] Pixels(Tensor clips, int clip)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var frames = clips.select(0, clip).to(ScalarType.Float32).cpu().permute(1, 2, 3, 0).contiguous();
        float[] values = frames.data<float>().ToArray();
        float low = values.Min(), range = Math.Max(values.Max() - low, float.Epsilon);
        return [.. values.Chunk(values.Length / (int)frames.shape[0]).Select(frame => Array.ConvertAll(frame, value => (byte)Math.Round(255 * (value - low) / range)))];
    }

    private static float[] Unit(float[] values)
    {
        float low = values.Min(), range = values.Max() - low;
        return Array.ConvertAll(values, value => range > 0 ? (value - low) / range : 0);
    }
}
