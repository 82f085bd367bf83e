using Tclr.Core;
using Tclr.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>A projection head: features <c>[N, F]</c> to embeddings of unit length. Made by <see cref="ProjectionHeads"/>.</summary>
/// <remarks>
/// Weights carry the names, the order and the shapes of the original head's. A head with batch normalization needs two rows
/// or more in training. Disposing the head releases its weights.
/// </remarks>
public sealed class ProjectionHead : nn.Module<Tensor, Tensor>, IProjectionHead
{
    private readonly IReadOnlyList<Layer> layers;
    private readonly bool pointwise;
    private readonly bool normalizes;

    /// <summary>Creates a head.</summary>
    /// <param name="name">Its name, for messages.</param>
    /// <param name="size">Length of a feature and of an embedding.</param>
    /// <param name="layers">The layers in the order of the data.</param>
    /// <param name="weights">The layers in the order of the weights, where that is another.</param>
    /// <param name="pointwise">Whether the layers are convolutions over a single point.</param>
    /// <param name="segments">Embeddings of a feature; they stand side by side in the last layer's output.</param>
    internal ProjectionHead(
        string name, (int Feature, int Embedding) size, IReadOnlyList<Layer> layers, IReadOnlyList<Layer>? weights = null, bool pointwise = false, int segments = 1)
        : base(name)
    {
        (FeatureDimension, EmbeddingDimension) = size;
        Segments = segments;
        this.layers = layers;
        this.pointwise = pointwise;
        normalizes = layers.Any(layer => layer.Module is BatchNorm1d);
        this.Register(weights ?? layers);
    }

    /// <summary>Length <c>F</c> of a feature.</summary>
    public int FeatureDimension { get; }

    /// <inheritdoc/>
    public int EmbeddingDimension { get; }

    /// <summary>Number <c>S</c> of segments of a clip that get an embedding each; 1 but for <see cref="ProjectionHeads.DualVarSeries"/>.</summary>
    public int Segments { get; }

    /// <inheritdoc/>
    public nn.Module Network => this;

    /// <inheritdoc/>
    public Tensor Project(Tensor features) => call(features);

    /// <summary>Projects features to embeddings, as <see cref="Project"/> does.</summary>
    /// <param name="input">Features <c>[N, F]</c>; the caller keeps owning them.</param>
    /// <returns>Embeddings <c>[N, D]</c>, or <c>[N, S, D]</c> from a head with segments, each of length 1; the caller owns them.</returns>
    /// <exception cref="ArgumentException">The features are not <c>[N, F]</c> with the head's <c>F</c>, or a single row in training.</exception>
    public override Tensor forward(Tensor input)
    {
        TensorCheck.Shape(input, FormattableString.Invariant($"[N,{FeatureDimension}]"), GetName(), "features");
        long rows = input.shape[0];
        if (training && normalizes && rows < 2)
        {
            throw new ArgumentException(
                $"{GetName()}: expected two rows of features or more in training, got 1: batch normalization has no statistics of a single row",
                nameof(input));
        }

        using var scope = NewDisposeScope();
        var projected = layers.Run(pointwise ? input.view(rows, FeatureDimension, 1, 1, 1) : input);
        var embeddings = Segments == 1 ? projected.view(rows, EmbeddingDimension) : projected.view(rows, Segments, EmbeddingDimension);
        return nn.functional.normalize(embeddings, 2, Segments == 1 ? 1 : 2, 1e-12).MoveToOuterDisposeScope();
    }
}
