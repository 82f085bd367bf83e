using Tclr.Losses.Kernels;
using Tclr.Losses.Kernels.Batched;
using Tclr.Losses.Kernels.Fused;
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
    /// <param name="temperature">The similarities are divided by it; finite and above 0. TCLR uses <see cref="DefaultTemperature"/>.</param>
    /// <param name="reduction">Mean or sum over the videos, or none: <c>[B]</c>. A video's value is half the sum of its row and column cross-entropies.</param>
    /// <param name="kernel">The implementation to use.</param>
    /// <returns>A scalar, or <c>[B]</c>; <c>T log T</c> per video where all embeddings are equal.</returns>
    /// <exception cref="ArgumentException">The inputs are not two floating-point <c>[B, T, D]</c> of one shape with two timesteps or more, the temperature is out of range, or the kernel does not apply.</exception>
    /// <example><code>
    /// using var loss = Functional.GlobalLocal(slices, locals, Functional.DefaultTemperature);
    /// </code></example>
    public static Tensor GlobalLocal(
        Tensor slices, Tensor locals, double temperature, nn.Reduction reduction = nn.Reduction.Mean, LossKernel kernel = LossKernel.Automatic)
    {
        TensorCheck.SameShape(slices, locals, "[B,T,D]", nameof(GlobalLocal));
        TensorCheck.AtLeastTwo(slices, 1, "two timesteps or more", nameof(GlobalLocal));
        OptionChecker.ThrowIfNotPositive(temperature);
        bool fused = KernelChoice.IsFused(kernel, slices, reduction, nameof(GlobalLocal));

        using var scope = NewDisposeScope();
        if (fused)
        {
            int b = (int)slices.shape[0];
            var rows = ClipRows.ByVideo(1, b, slices.shape[1], slices.shape[2]);
            var (global, local) = (FusedInput.Of(slices), FusedInput.Of(locals));
            double weight = reduction == nn.Reduction.Mean ? 1.0 / (2.0 * b) : 0.5;
            double sum = VideoTimesteps.Sum(global, rows, local, rows, b, temperature, weight);
            return FusedInput.Scalar(sum * weight, global, local).MoveToOuterDisposeScope();
        }

        var perVideo = BatchedContrast.Matching(KernelChoice.AtLeastSingle(slices).unsqueeze(0), KernelChoice.AtLeastSingle(locals).unsqueeze(0), temperature);
        return Reduce(perVideo / 2.0, reduction).MoveToOuterDisposeScope();
    }
}
