using Tclr.Losses.Kernels;
using static TorchSharp.torch;

namespace Tclr.Losses;

public static partial class Functional
{
    /// <summary>The global-local temporal contrastive loss: a timestep of the global clip must match the local clip of that time.</summary>
    /// <remarks>
    /// For each video the <c>T x T</c> similarities between the timesteps of the global clip and the local clips are
    /// classified along rows and along columns, target on the diagonal. Other videos play no part.
    /// Source: Dave et al., "TCLR" (2022), equations 3 and 4 (timestep slicing), scaled as in the authors' code.
    /// </remarks>
    /// <param name="slices">Timesteps of the global clips <c>[B, T, D]</c>, rows of unit length, <c>T</c> 2 or more.</param>
    /// <param name="locals">Local clips <c>[B, T, D]</c>; <c>locals[i, t]</c> shows the time of <c>slices[i, t]</c>.</param>
    /// <param name="temperature">Divides the similarities; finite and above 0, 0.1 in TCLR.</param>
    /// <returns>A scalar: the sum of all row and column cross-entropies divided by <c>2B</c>; <c>T log T</c> where all embeddings are equal.</returns>
    /// <exception cref="ArgumentException">The inputs are not two floating-point <c>[B, T, D]</c> alike with two timesteps or more, or the temperature is out of range.</exception>
    /// <example><code>
    /// using var loss = Functional.GlobalLocal(slices, locals, temperature: 0.1);
    /// </code></example>
    public static Tensor GlobalLocal(Tensor slices, Tensor locals, double temperature)
    {
        Check.Alike(slices, locals, "[B,T,D]", nameof(GlobalLocal));
        Check.AtLeastTwo(slices, 1, "slices and locals [B,T,D] with two timesteps or more", nameof(GlobalLocal), nameof(slices));
        Check.Temperature(temperature, nameof(GlobalLocal));

        using var scope = NewDisposeScope();
        return TimestepContrast.SumOverVersions(slices.unsqueeze(0), locals.unsqueeze(0), temperature).MoveToOuterDisposeScope();
    }
}
