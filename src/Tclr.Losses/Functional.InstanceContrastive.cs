using Tclr.Losses.Kernels;
using static TorchSharp.torch;

namespace Tclr.Losses;

public static partial class Functional
{
    /// <summary>NT-Xent between every two of <c>V</c> views of the same samples, from one matrix of similarities.</summary>
    /// <remarks>
    /// Equals the mean of <see cref="NtXent"/> over the <c>V (V - 1) / 2</c> unordered pairs of views: negatives of a pair
    /// come from that pair's views only. The number of operations does not depend on <c>V</c> or <c>B</c>; memory grows
    /// with <c>(V B)^2</c>.
    /// Source: the instance-contrastive terms of Dave et al., "TCLR" (2022), as the authors' code sums them.
    /// </remarks>
    /// <param name="views">The views <c>[V, B, D]</c>, rows of unit length, <c>V</c> 2 or more; <c>views[v, i]</c> shows sample <c>i</c>.</param>
    /// <param name="temperature">Divides the similarities; finite and above 0, 0.1 in TCLR.</param>
    /// <returns>A scalar, the mean over the unordered pairs of views.</returns>
    /// <exception cref="ArgumentException">The views are not floating-point <c>[V, B, D]</c> with two views or more, or the temperature is out of range.</exception>
    /// <example><code>
    /// using var loss = Functional.InstanceContrastive(views, temperature: 0.1);   // views [8, B, 128]: 28 pairs
    /// </code></example>
    public static Tensor InstanceContrastive(Tensor views, double temperature)
    {
        Check.Shape(views, "[V,B,D]", nameof(InstanceContrastive), nameof(views));
        Check.AtLeastTwo(views, 0, "views [V,B,D] with two views or more", nameof(InstanceContrastive), nameof(views));
        Check.Temperature(temperature, nameof(InstanceContrastive));

        using var scope = NewDisposeScope();
        return ViewContrast.MeanPair(views.unsqueeze(0), temperature).sum().MoveToOuterDisposeScope();
    }
}
