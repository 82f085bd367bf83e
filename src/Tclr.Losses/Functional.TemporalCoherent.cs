using Tclr.Losses.Kernels;
using static TorchSharp.torch;

namespace Tclr.Losses;

public static partial class Functional
{
    /// <summary>The temporal-coherent loss: clips of one video at different times are alike as a whole, segment by segment.</summary>
    /// <remarks>
    /// NT-Xent whose similarity of two clips is the mean over all <c>S x S</c> products of their segments, that is the
    /// product of their mean segments (which do not have unit length).
    /// Source: Zhang et al., "Inter-intra Variant Dual Representations for Self-supervised Video Recognition" (2021), as in the authors' code.
    /// </remarks>
    /// <param name="z1">Segments of the first clips <c>[B, S, D]</c>, rows of unit length.</param>
    /// <param name="z2">Segments of the second clips of the same videos <c>[B, S, D]</c>.</param>
    /// <param name="temperature">The similarities are divided by it; finite and above 0. The source uses <see cref="DualVarLossOptions.DefaultTemperature"/>.</param>
    /// <param name="reduction">Mean or sum over the <c>2B</c> anchors, or none: <c>[2B]</c>.</param>
    /// <param name="kernel">The implementation to use.</param>
    /// <returns>A scalar, or <c>[2B]</c>.</returns>
    /// <exception cref="ArgumentException">The inputs are not two floating-point <c>[B, S, D]</c> of one shape, the temperature is out of range, or the kernel does not apply.</exception>
    /// <example><code>
    /// using var loss = Functional.TemporalCoherent(segments, laterSegments, temperature);
    /// </code></example>
    public static Tensor TemporalCoherent(
        Tensor z1, Tensor z2, double temperature, nn.Reduction reduction = nn.Reduction.Mean, LossKernel kernel = LossKernel.Automatic)
    {
        TensorCheck.SameShape(z1, z2, "[B,S,D]", nameof(TemporalCoherent));

        using var scope = NewDisposeScope();
        var first = KernelChoice.AtLeastSingle(z1).mean([1]);
        var second = KernelChoice.AtLeastSingle(z2).mean([1]);
        return NtXent(first, second, temperature, reduction, kernel).MoveToOuterDisposeScope();
    }
}
