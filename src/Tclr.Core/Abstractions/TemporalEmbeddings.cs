using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>The embeddings of one batch, as the losses want them. All have unit length.</summary>
/// <remarks>
/// <c>V</c> versions (augmentations) of <c>B</c> videos, <c>T</c> timesteps, embeddings of length <c>D</c>.
/// </remarks>
/// <param name="globalPooled">Whole global clips <c>[V, B, D]</c>. Ownership passes.</param>
/// <param name="globalSlices">The timesteps of global clips <c>[V, B, T, D]</c>, or <see langword="null"/>. Ownership passes.</param>
/// <param name="localPooled">Whole local clips <c>[V, B, T, D]</c>, or <see langword="null"/>. Ownership passes.</param>
public sealed class TemporalEmbeddings(Tensor globalPooled, Tensor? globalSlices, Tensor? localPooled) : IDisposable
{
    /// <summary>Whole global clips <c>[V, B, D]</c>.</summary>
    public Tensor GlobalPooled { get; } = globalPooled;

    /// <summary>The timesteps of the global clips <c>[V, B, T, D]</c>; <see langword="null"/> where a recipe has no local clips.</summary>
    public Tensor? GlobalSlices { get; } = globalSlices;

    /// <summary>Whole local clips <c>[V, B, T, D]</c>, clip <c>t</c> showing timestep <c>t</c>; <see langword="null"/> where a recipe has none.</summary>
    public Tensor? LocalPooled { get; } = localPooled;

    /// <summary>Runs encoder and head over all views of a batch in one pass each.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="head">The projection head.</param>
    /// <param name="clips">Clips <c>[B, views, 3, T, H, W]</c>; the caller keeps owning them.</param>
    /// <param name="layout">How the views are arranged.</param>
    /// <returns>The embeddings; the caller owns them.</returns>
    /// <exception cref="ArgumentException">The clips do not fit the layout, or the encoder keeps another number of timesteps than there are local clips.</exception>
    public static TemporalEmbeddings Compute(IVideoEncoder encoder, IProjectionHead head, Tensor clips, ViewLayout layout)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentNullException.ThrowIfNull(layout);
        var shape = clips.shape;
        if (shape.Length != 6 || shape[1] != layout.Count)
        {
            throw new ArgumentException(
                $"expected clips [B, {layout.Count}, C, T, H, W] for {layout.Versions} versions of 1 global and {layout.Timesteps} local clips, got [{string.Join(", ", shape)}]",
                nameof(clips));
        }

        using var scope = NewDisposeScope();
        long v = layout.Versions, b = shape[0], t = layout.Timesteps;

        // [B, views, ...] -> [views * B, ...]: views of one kind become contiguous rows.
        var rows = clips.transpose(0, 1).reshape(layout.Count * b, shape[2], shape[3], shape[4], shape[5]);
        var features = encoder.Encode(rows);                                        // [views * B, C, T']
        long c = features.shape[1], slices = features.shape[2];
        var pooled = features.mean([2]);                                            // [views * B, C]
        if (t == 0)
        {
            var projected = head.Project(pooled).view(v, b, -1);
            return new TemporalEmbeddings(projected.MoveToOuterDisposeScope(), null, null);
        }

        if (slices != t)
        {
            throw new ArgumentException(
                $"the encoder keeps {slices} timesteps of a clip of {shape[3]} frames, but there are {t} local clips: choose a clip length of {shape[3] * t / Math.Max(slices, 1)} frames or {slices} local clips",
                nameof(clips));
        }

        var globalSlices = features.narrow(0, 0, v * b).permute(0, 2, 1).reshape(v * b * t, c);
        var embedded = head.Project(cat([pooled, globalSlices], 0));                // [views * B + V * B * T, D]
        var global = embedded.narrow(0, 0, v * b).view(v, b, -1);
        var locals = embedded.narrow(0, v * b, v * t * b).view(v, t, b, -1).transpose(1, 2);
        var sliced = embedded.narrow(0, layout.Count * b, v * b * t).view(v, b, t, -1);
        return new TemporalEmbeddings(
            global.MoveToOuterDisposeScope(), sliced.MoveToOuterDisposeScope(), locals.MoveToOuterDisposeScope());
    }

    /// <summary>Releases the embeddings.</summary>
    public void Dispose()
    {
        GlobalPooled.Dispose();
        GlobalSlices?.Dispose();
        LocalPooled?.Dispose();
    }
}
