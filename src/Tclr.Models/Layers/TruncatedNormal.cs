using static TorchSharp.torch;

namespace Tclr.Models.Layers;

/// <summary>The normal distribution with mean 0, truncated at two standard deviations.</summary>
/// <remarks>TorchSharp 0.107's <c>trunc_normal_</c> swaps mean and standard deviation, so every value equals the standard deviation.</remarks>
internal static class TruncatedNormal
{
    // Of a standard normal distribution truncated at 2: the standard deviation, and the probability Phi(2) - Phi(-2).
    private const double KeptDeviation = 0.87962566103423978;
    private const double KeptMass = 0.9544997361036416;

    /// <summary>Fills a tensor with random values.</summary>
    /// <param name="tensor">The tensor; called under <c>no_grad</c>.</param>
    /// <param name="deviation">Standard deviation of the truncated values.</param>
    public static void Fill(Tensor tensor, double deviation)
    {
        using var scope = NewDisposeScope();
        double full = deviation / KeptDeviation;

        // Inverse transform sampling. Rounding may exceed the bounds.
        tensor.uniform_(-KeptMass, KeptMass).erfinv_().mul_(full * Math.Sqrt(2)).clamp_(-2 * full, 2 * full);
    }
}
