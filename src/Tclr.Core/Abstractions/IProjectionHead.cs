using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>A small network between the encoder and the loss, dropped after pre-training.</summary>
/// <remarks>The head owns its weights; disposing it releases them.</remarks>
public interface IProjectionHead : IDisposable
{
    /// <summary>Length <c>D</c> of an embedding.</summary>
    int EmbeddingDimension { get; }

    /// <summary>The network itself, for the optimizer, <c>train()</c>/<c>eval()</c> and weights. The head keeps owning it.</summary>
    nn.Module Network { get; }

    /// <summary>Projects features to embeddings of unit length.</summary>
    /// <param name="features">Features <c>[N, C]</c>; the caller keeps owning them.</param>
    /// <returns>Embeddings <c>[N, D]</c>, each row of length 1; the caller owns them. A head with embeddings for S segments of a clip gives <c>[N, S, D]</c>.</returns>
    /// <exception cref="ArgumentException">The features are not <c>[N, C]</c> with the head's <c>C</c>.</exception>
    Tensor Project(Tensor features);
}
