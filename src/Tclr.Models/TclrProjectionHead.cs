using Tclr.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>The projection head of TCLR: features <c>[N, F]</c> to embeddings <c>[N, D]</c> of unit length.</summary>
/// <remarks>
/// <para>
/// Data: <c>fc1</c> (linear with bias), <c>bn1</c>, ReLU, <c>fc2</c> (linear without bias), <c>bn2</c>, division by the
/// Euclidean length (at least 1e-12). The paper's text lists no batch normalisation; this is the head of its authors'
/// code, whose names and order of weights it keeps: <c>fc1.weight, fc1.bias, bn1.*, bn2.*, fc2.weight</c>.
/// </para>
/// <para>In training the batch statistics need two rows or more. Disposing the head releases its weights.</para>
/// </remarks>
public sealed class TclrProjectionHead : nn.Module<Tensor, Tensor>, IProjectionHead
{
    // Order and names are those of the weights.
    private readonly Linear fc1;
    private readonly BatchNorm1d bn1;
    private readonly BatchNorm1d bn2;
    private readonly Linear fc2;

    internal TclrProjectionHead(int inFeatures, int hidden, int embedding)
        : base(nameof(TclrProjectionHead))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inFeatures, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(hidden, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(embedding, 1);
        FeatureDimension = inFeatures;
        EmbeddingDimension = embedding;
        fc1 = nn.Linear(inFeatures, hidden);
        bn1 = nn.BatchNorm1d(hidden);
        bn2 = nn.BatchNorm1d(embedding);
        fc2 = nn.Linear(hidden, embedding, hasBias: false);
        RegisterComponents();
    }

    /// <summary>Length <c>F</c> of a feature.</summary>
    public int FeatureDimension { get; }

    /// <inheritdoc/>
    public int EmbeddingDimension { get; }

    /// <inheritdoc/>
    public nn.Module Network => this;

    /// <inheritdoc/>
    public Tensor Project(Tensor features) => call(features);

    /// <summary>Projects features to embeddings, as <see cref="Project"/> does.</summary>
    /// <param name="input">Features <c>[N, F]</c>; the caller keeps owning them.</param>
    /// <returns>Embeddings <c>[N, D]</c>, each row of length 1; the caller owns them.</returns>
    /// <exception cref="ArgumentException">The features are not <c>[N, F]</c> with the head's <c>F</c>, or a single row in training.</exception>
    public override Tensor forward(Tensor input)
    {
        Check.Shape(input, ["N", FeatureDimension], nameof(TclrProjectionHead), "features", nameof(input));
        if (training && input.shape[0] < 2)
        {
            throw new ArgumentException(
                $"{nameof(TclrProjectionHead)}: expected two rows of features or more in training, got 1: batch normalisation has no statistics of a single row",
                nameof(input));
        }

        using var scope = NewDisposeScope();
        var hidden = bn1.call(fc1.call(input)).relu_();                             // [N, hidden]
        var embeddings = bn2.call(fc2.call(hidden));                                // [N, D]
        return nn.functional.normalize(embeddings, 2, 1, 1e-12).MoveToOuterDisposeScope();
    }
}
