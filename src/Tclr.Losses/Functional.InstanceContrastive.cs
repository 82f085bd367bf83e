using Tclr.Losses.Kernels;
using Tclr.Losses.Kernels.Batched;
using static TorchSharp.torch;

namespace Tclr.Losses;

public static partial class Functional
{
    /// <summary>NT-Xent between every two of <c>V</c> views of the same samples, from one matrix of similarities.</summary>
    /// <remarks>
    /// Equals the mean of <see cref="NtXent"/> over the <c>V (V - 1) / 2</c> unordered pairs of views: negatives of a pair
    /// come from that pair's views only. The number of operations does not depend on <c>V</c> or <c>B</c>. The batched
    /// kernel holds the whole <c>(V B)^2</c> matrix, the fused one a panel of its rows.
    /// Source: the instance-contrastive terms of Dave et al., "TCLR" (2022), as the authors' code sums them.
    /// </remarks>
    /// <param name="views">The views <c>[V, B, D]</c>, rows of unit length, <c>V</c> 2 or more; <c>views[v, i]</c> shows sample <c>i</c>.</param>
    /// <param name="temperature">The similarities are divided by it; finite and above 0. TCLR uses <see cref="DefaultTemperature"/>.</param>
    /// <param name="reduction">Mean or sum over the unordered pairs of views, or none: <c>[V (V - 1) / 2]</c>, pairs (0, 1), (0, 2), .. (1, 2), ..</param>
    /// <param name="kernel">The implementation to use.</param>
    /// <returns>A scalar, or <c>[V (V - 1) / 2]</c>.</returns>
    /// <exception cref="ArgumentException">The views are not floating-point <c>[V, B, D]</c> with two views or more, the temperature is out of range, or the kernel does not apply.</exception>
    /// <example><code>
    /// using var loss = Functional.InstanceContrastive(views, Functional.DefaultTemperature);   // views [8, B, 128]: 28 pairs
    /// </code></example>
    public static Tensor InstanceContrastive(
        Tensor views, double temperature, nn.Reduction reduction = nn.Reduction.Mean, LossKernel kernel = LossKernel.Automatic)
    {
        TensorCheck.Shape(views, "[V,B,D]", nameof(InstanceContrastive));
        TensorCheck.AtLeastTwo(views, 0, "two views or more", nameof(InstanceContrastive));
        OptionChecker.ThrowIfNotPositive(temperature);
        bool fused = KernelChoice.IsFused(kernel, views, reduction, nameof(InstanceContrastive));

        using var scope = NewDisposeScope();
        long v = views.shape[0], b = views.shape[1];
        if (fused)
        {
            return Views(views, temperature, 1.0 / (reduction == nn.Reduction.Mean ? (double)v * (v - 1) * b : 2.0 * b)).MoveToOuterDisposeScope();
        }

        var ordered = BatchedContrast.Terms(KernelChoice.AtLeastSingle(views).unsqueeze(0), temperature).mean([2]).select(0, 0);   // [a, b]
        var both = (ordered + ordered.t()) / 2.0;
        var pairs = Enumerable.Range(0, (int)v - 1).Select(a => both.select(0, a).narrow(0, a + 1, v - a - 1)).ToList();
        return Reduce(cat(pairs, 0), reduction).MoveToOuterDisposeScope();
    }
}
