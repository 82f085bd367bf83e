using static TorchSharp.torch;

namespace Tclr.Models.Layers;

/// <summary>The normal distribution around 0, cut off at two standard deviations.</summary>
/// <remarks>TorchSharp 0.107's <c>trunc_normal_</c> swaps mean and deviation: every value equals the deviation.</remarks>
internal static class TruncatedNormal
{
    // The cut at two deviations leaves this much of a normal distribution's deviation, and Phi(2) - Phi(-2) of its mass.
    private const double KeptDeviation = 0.87962566103423978;
    private const double KeptMass = 0.9544997361036416;

    /// <summary>Fills a tensor with random values.</summary>
    /// <param name="tensor">The tensor; called under <c>no_grad</c>.</param>
    /// <param name="deviation">Standard deviation of the values, after the cut.</param>
    public static void Fill(Tensor tensor, double deviation)
    {
        using var scope = NewDisposeScope();
        double full = deviation / KeptDeviation;

        // The inverse of the distribution function. Rounding may lead past the cut.
        tensor.uniform_(-KeptMass, KeptMass).erfinv_().mul_(full * Math.Sqrt(2)).clamp_(-2 * full, 2 * full);
    }
}
