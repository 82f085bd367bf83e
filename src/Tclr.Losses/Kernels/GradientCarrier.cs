using static TorchSharp.torch;

namespace Tclr.Losses.Kernels;

/// <summary>Attaches a gradient that is computed beforehand.</summary>
internal static class GradientCarrier
{
    /// <summary>Makes the scalar with a value and with a gradient at the embeddings.</summary>
    /// <remarks>
    /// <c>z . g</c> has the gradient <c>g</c> at <c>z</c>, and backward does not use its value, which is replaced. Made of plain
    /// operators, so it needs no function of our own inside torch's graph.
    /// </remarks>
    /// <param name="value">The value, a scalar.</param>
    /// <param name="embeddings">The embeddings with their history.</param>
    /// <param name="gradient">The gradient, of as many elements and contiguous.</param>
    /// <returns>The scalar, in the caller's dispose scope.</returns>
    public static Tensor Attach(Tensor value, Tensor embeddings, Tensor gradient)
    {
        var scalar = embeddings.flatten().dot(gradient.flatten());
        scalar.detach().copy_(value);
        return scalar;
    }
}
