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

    /// <summary>The embeddings of the further heads by name: clips <c>[views, B, D]</c>, or segments of clips <c>[views, B, S, D]</c>. Disposed with this.</summary>
    /// <remarks>The views are those that the passes show to the head, in the order of their numbers, the shuffled ones last; see <see cref="PassPlan"/>.</remarks>
    /// <value>The default value is empty.</value>
    public IReadOnlyDictionary<string, Tensor> Heads { get; init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, Tensor>.Empty;

    /// <summary>The embeddings of the momentum encoder, without gradient; <see langword="null"/> if no pass goes through it. Disposed with this.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public TemporalEmbeddings? Keys { get; init; }

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
                $"expected clips [{layout.Count}, B, C, T, H, W] for {layout.GlobalViews} global views with {layout.LocalClips} local clips each, got [{string.Join(", ", shape)}]",
                nameof(clips));
        }

        using var scope = NewDisposeScope();
        var branch = new Branch(encoder, [new(PassPlan.MainHead, head)], Type: null);
        var batch = new EmbeddingPasses(clips, layout, PassPlan.Of(layout, statistics), statistics == BatchNormScope.PerView, []);
        var passes = batch.Of(momentum: false, videosPerPass: null);
        return batch.Join(passes, [.. passes.Select(pass => batch.Run(branch, pass))]).MoveToOuterDisposeScope();
    }

    /// <summary>Releases the embeddings.</summary>
    public void Dispose()
    {
        foreach (var tensor in All)
        {
            tensor.Dispose();
        }

        Keys?.Dispose();
    }

    internal TemporalEmbeddings MoveToOuterDisposeScope()
    {
        foreach (var tensor in All)
        {
            tensor.MoveToOuterDisposeScope();
        }

        Keys?.MoveToOuterDisposeScope();
        return this;
    }

    /// <summary>The tensors that have rows of videos, in the order of <see cref="Convert"/>.</summary>
    internal IEnumerable<Tensor> Packable => All.Where(HasVideos);

    /// <summary>Embeddings of the same structure.</summary>
    /// <param name="convert">Makes each tensor; called in the order of <see cref="Packable"/>.</param>
    /// <param name="keys">The new <see cref="Keys"/>.</param>
    internal TemporalEmbeddings Convert(Func<Tensor, Tensor> convert, TemporalEmbeddings? keys)
    {
        Tensor? Optional(Tensor? tensor) => tensor is null ? null : convert(tensor);
        var pooled = HasVideos(GlobalPooled) ? convert(GlobalPooled) : GlobalPooled.alias();
        Tensor? slices = Optional(GlobalSlices), local = Optional(LocalPooled);
        return new TemporalEmbeddings(pooled, slices, local) { Heads = Heads.ToDictionary(head => head.Key, head => convert(head.Value), StringComparer.Ordinal), Keys = keys };
    }

    // Keys that the main head does not see have an empty tensor.
    private static bool HasVideos(Tensor tensor) => tensor.dim() > 1;

    private IEnumerable<Tensor> All => new[] { GlobalPooled, GlobalSlices, LocalPooled }.OfType<Tensor>().Concat(Heads.Values);
}
