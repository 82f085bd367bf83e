using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>The embeddings of a batch, the input of the losses. All have unit length.</summary>
/// <remarks>
/// <c>V</c> global views of <c>B</c> videos, <c>T</c> timesteps, embedding dimension <c>D</c>.
/// </remarks>
/// <param name="globalPooled">Whole global clips <c>[V, B, D]</c>. Ownership passes.</param>
/// <param name="globalSlices">The timesteps of global clips <c>[V, B, T, D]</c>, or <see langword="null"/>. Ownership passes.</param>
/// <param name="localPooled">Whole local clips <c>[V, B, T, D]</c>, or <see langword="null"/>. Ownership passes.</param>
public sealed class TemporalEmbeddings(Tensor globalPooled, Tensor? globalSlices, Tensor? localPooled) : IDisposable
{
    /// <summary>Whole global clips <c>[V, B, D]</c>.</summary>
    public Tensor GlobalPooled { get; } = globalPooled;

    /// <summary>The timesteps of the global clips <c>[V, B, T, D]</c>; <see langword="null"/> without local clips.</summary>
    public Tensor? GlobalSlices { get; } = globalSlices;

    /// <summary>Whole local clips <c>[V, B, T, D]</c>, clip <c>t</c> showing timestep <c>t</c>; <see langword="null"/> without local clips.</summary>
    public Tensor? LocalPooled { get; } = localPooled;

    /// <summary>Runs encoder and head over all views of a batch.</summary>
    /// <param name="encoder">The encoder.</param>
    /// <param name="head">The projection head.</param>
    /// <param name="clips">Clips <c>[views, B, 3, T, H, W]</c>; not disposed.</param>
    /// <param name="layout">How the views are arranged.</param>
    /// <param name="statistics">The clips over which batch normalization computes its statistics in training.</param>
    /// <returns>The embeddings; the caller disposes them.</returns>
    /// <exception cref="ArgumentException">The clips do not fit the layout, or the encoder keeps another number of timesteps than there are local clips.</exception>
    public static TemporalEmbeddings Compute(IVideoEncoder encoder, IProjectionHead head, Tensor clips, ViewLayout layout, BatchNormScope statistics = BatchNormScope.AllViews)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(clips);
        ArgumentNullException.ThrowIfNull(layout);
        var shape = clips.shape;
        if (shape.Length != 6 || shape[0] != layout.Count)
        {
            throw new ArgumentException(
                $"expected clips [{layout.Count}, B, C, T, H, W] for {layout.GlobalViews} versions of 1 global and {layout.LocalClips} local clips, got [{string.Join(", ", shape)}]",
                nameof(clips));
        }

        var passes = EmbeddingPasses.Plan(layout, shape[1], statistics, videosPerPass: null);
        using var scope = NewDisposeScope();
        var embeddings = passes.Select(pass => EmbeddingPasses.Run(encoder, head, clips, layout, statistics, pass)).ToList();
        return EmbeddingPasses.Join(passes, embeddings, layout).MoveToOuterDisposeScope();
    }

    /// <summary>Releases the embeddings.</summary>
    public void Dispose()
    {
        GlobalPooled.Dispose();
        GlobalSlices?.Dispose();
        LocalPooled?.Dispose();
    }

    internal TemporalEmbeddings MoveToOuterDisposeScope()
    {
        GlobalPooled.MoveToOuterDisposeScope();
        GlobalSlices?.MoveToOuterDisposeScope();
        LocalPooled?.MoveToOuterDisposeScope();
        return this;
    }
}
