using Tclr.Core;
using Tclr.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>A projection head: features <c>[N, F]</c> to embeddings of unit length. Created by <see cref="ProjectionHeads"/>.</summary>
/// <remarks>
/// Weights have the original head's names, order and shapes. In training, a head with batch normalization needs at least two
/// rows. Disposing the head disposes its weights.
/// </remarks>
public sealed class ProjectionHead : nn.Module<Tensor, Tensor>, IProjectionHead
{
    private readonly IReadOnlyList<Layer> layers;
    private readonly bool pointwise;
    private readonly bool normalizes;

    /// <summary>Creates a head.</summary>
    /// <param name="name">Name, for messages.</param>
    /// <param name="size">Dimensions of features and embeddings.</param>
    /// <param name="layers">The layers in the order of computation.</param>
    /// <param name="weights">The layers in the order of the weights; <see langword="null"/> for the same.</param>
    /// <param name="pointwise">Whether the layers are 1x1x1 convolutions.</param>
    /// <param name="segments">Number of embeddings of a feature vector, concatenated in the last layer's output.</param>
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

    /// <summary>Dimension <c>F</c> of the features.</summary>
    public int FeatureDimension { get; }

    /// <inheritdoc/>
    public int EmbeddingDimension { get; }

    /// <summary>Number <c>S</c> of embeddings of a clip, one for each segment; 1 except for <see cref="ProjectionHeads.DualVarSeries"/>.</summary>
    public int Segments { get; }

    /// <inheritdoc/>
    public nn.Module Network => this;

    /// <inheritdoc/>
    public Tensor Project(Tensor features) => call(features);

    /// <summary>Projects features to embeddings, like <see cref="Project"/>.</summary>
    /// <param name="input">Features <c>[N, F]</c>; the caller keeps owning them.</param>
    /// <returns>Embeddings <c>[N, D]</c>, or <c>[N, S, D]</c> with segments, of unit length; the caller owns them.</returns>
    /// <exception cref="ArgumentException">The features are not <c>[N, F]</c> with the head's <c>F</c>, or a single row in training.</exception>
    public override Tensor forward(Tensor input)
    {
        TensorCheck.Shape(input, FormattableString.Invariant($"[N,{FeatureDimension}]"), GetName(), "features");
        long rows = input.shape[0];
        if (training && normalizes && rows < 2)
        {
            throw new ArgumentException(
                $"{GetName()}: expected at least two rows of features in training, got 1: batch normalization needs the statistics of several rows",
                nameof(input));
        }

        using var scope = NewDisposeScope();
        var projected = layers.Run(pointwise ? input.view(rows, FeatureDimension, 1, 1, 1) : input);
        var embeddings = Segments == 1 ? projected.view(rows, EmbeddingDimension) : projected.view(rows, Segments, EmbeddingDimension);
        return nn.functional.normalize(embeddings, 2, Segments == 1 ? 1 : 2, 1e-12).MoveToOuterDisposeScope();
    }
}
