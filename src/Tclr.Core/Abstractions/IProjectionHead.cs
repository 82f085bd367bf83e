using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>The network between encoder and loss, discarded after pretraining.</summary>
/// <remarks>Disposing the head releases its weights.</remarks>
public interface IProjectionHead : IDisposable
{
    /// <summary>Embedding dimension <c>D</c>.</summary>
    int EmbeddingDimension { get; }

    /// <summary>The network, for the optimizer, <c>train()</c> and <c>eval()</c>, and weights; disposed with the head.</summary>
    nn.Module Network { get; }

    /// <summary>Projects features to embeddings of unit length.</summary>
    /// <param name="features">Features <c>[N, C]</c>; not disposed.</param>
    /// <returns>Embeddings <c>[N, D]</c>, each row of unit length; the caller disposes them. A head that embeds S segments of a clip returns <c>[N, S, D]</c>.</returns>
    /// <exception cref="ArgumentException">The features are not <c>[N, C]</c> with the head's <c>C</c>.</exception>
    Tensor Project(Tensor features);
}
