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

    /// <summary>Runs encoder and head over all views of a batch.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="head">The projection head.</param>
    /// <param name="clips">Clips <c>[B, views, 3, T, H, W]</c>; the caller keeps owning them.</param>
    /// <param name="layout">How the views are arranged.</param>
    /// <param name="statistics">Over which clips batch normalisation takes its statistics in training.</param>
    /// <returns>The embeddings; the caller owns them.</returns>
    /// <exception cref="ArgumentException">The clips do not fit the layout, or the encoder keeps another number of timesteps than there are local clips.</exception>
    public static TemporalEmbeddings Compute(IVideoEncoder encoder, IProjectionHead head, Tensor clips, ViewLayout layout, BatchStatistics statistics = BatchStatistics.AllViews)
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

        // [B, views, ...] -> [views * B, ...]: views of one kind become contiguous rows.
        var rows = clips.transpose(0, 1).reshape(layout.Count * shape[0], shape[2], shape[3], shape[4], shape[5]);
        return (statistics == BatchStatistics.PerView ? ViewByView(encoder, head, rows, layout) : AllViews(encoder, head, rows, layout)).MoveToOuterDisposeScope();
    }

    /// <summary>Releases the embeddings.</summary>
    public void Dispose()
    {
        GlobalPooled.Dispose();
        GlobalSlices?.Dispose();
        LocalPooled?.Dispose();
    }

    private static TemporalEmbeddings AllViews(IVideoEncoder encoder, IProjectionHead head, Tensor rows, ViewLayout layout)
    {
        long v = layout.Versions, b = rows.shape[0] / layout.Count, t = layout.Timesteps;
        var features = encoder.Encode(rows);                                        // [views * B, C, T']
        var pooled = features.mean([2]);                                            // [views * B, C]
        if (t == 0)
        {
            return new TemporalEmbeddings(head.Project(pooled).view(v, b, -1), null, null);
        }

        CheckTimesteps(features, rows, t);
        var slices = features.narrow(0, 0, v * b).permute(0, 2, 1).reshape(v * b * t, features.shape[1]);
        var embedded = head.Project(cat([pooled, slices], 0));                      // [views * B + V * B * T, D]
        return new TemporalEmbeddings(
            embedded.narrow(0, 0, v * b).view(v, b, -1),
            embedded.narrow(0, layout.Count * b, v * b * t).view(v, b, t, -1),
            embedded.narrow(0, v * b, v * t * b).view(v, t, b, -1).transpose(1, 2));
    }

    // A pass for each view, and in the head one for each timestep of a global clip: only its B rows share statistics.
    private static TemporalEmbeddings ViewByView(IVideoEncoder encoder, IProjectionHead head, Tensor rows, ViewLayout layout)
    {
        long v = layout.Versions, b = rows.shape[0] / layout.Count, t = layout.Timesteps;
        List<Tensor> pooled = [], sliced = [];
        for (int view = 0; view < layout.Count; view++)
        {
            var features = encoder.Encode(rows.narrow(0, view * b, b));             // [B, C, T']
            pooled.Add(head.Project(features.mean([2])));
            if (view < v && t > 0)
            {
                CheckTimesteps(features, rows, t);
                for (int step = 0; step < t; step++)
                {
                    sliced.Add(head.Project(features.select(2, step)));
                }
            }
        }

        var global = stack(pooled.Take(layout.Versions));                           // [V, B, D]
        return t == 0
            ? new TemporalEmbeddings(global, null, null)
            : new TemporalEmbeddings(global, ByVideo(sliced), ByVideo(pooled.Skip(layout.Versions)));

        // V * T embeddings [B, D] to [V, B, T, D].
        Tensor ByVideo(IEnumerable<Tensor> embeddings) => stack(embeddings).view(v, t, b, -1).transpose(1, 2);
    }

    private static void CheckTimesteps(Tensor features, Tensor clips, long locals)
    {
        long slices = features.shape[2], frames = clips.shape[2];
        if (slices != locals)
        {
            throw new ArgumentException(
                $"the encoder keeps {slices} timesteps of a clip of {frames} frames, but there are {locals} local clips: choose a clip length of {frames * locals / Math.Max(slices, 1)} frames or {slices} local clips",
                nameof(clips));
        }
    }

    private TemporalEmbeddings MoveToOuterDisposeScope()
    {
        GlobalPooled.MoveToOuterDisposeScope();
        GlobalSlices?.MoveToOuterDisposeScope();
        LocalPooled?.MoveToOuterDisposeScope();
        return this;
    }
}
