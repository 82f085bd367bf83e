using Tclr.Losses.Kernels;
using Tclr.Losses.Kernels.Batched;
using Tclr.Losses.Kernels.Fused;
using static TorchSharp.torch;

namespace Tclr.Losses;

public static partial class Functional
{
    /// <summary>The local-local temporal contrastive loss: tells the timesteps of a video apart.</summary>
    /// <remarks>
    /// For each video, NT-Xent over its <c>T</c> local clips in two augmentations: a clip's positive is the same timestep
    /// in the other augmentation, its <c>2T - 2</c> negatives are the other timesteps of the same video. Other videos play
    /// no part.
    /// Source: Dave et al., "TCLR" (2022), equation 2, with the anchors of both augmentations and averaged over them,
    /// as in the authors' code, which sums over the videos.
    /// </remarks>
    /// <param name="z1">Local clips of the first augmentation <c>[B, T, D]</c>, rows of unit length, <c>T</c> 2 or more.</param>
    /// <param name="z2">The same clips in the second augmentation <c>[B, T, D]</c>.</param>
    /// <param name="temperature">The similarities are divided by it; finite and above 0. TCLR uses <see cref="DefaultTemperature"/>.</param>
    /// <param name="reduction">Mean or sum over the videos, or none: <c>[B]</c>. A video's value is the mean over its <c>2T</c> anchors.</param>
    /// <param name="kernel">The implementation to use.</param>
    /// <returns>A scalar, or <c>[B]</c>; <c>log(2T - 1)</c> per video where all embeddings are equal.</returns>
    /// <exception cref="ArgumentException">The clips are not two floating-point <c>[B, T, D]</c> of one shape with two timesteps or more, the temperature is out of range, or the kernel does not apply.</exception>
    /// <example><code>
    /// using var loss = Functional.LocalLocal(locals, augmentedLocals, Functional.DefaultTemperature);
    /// </code></example>
    public static Tensor LocalLocal(
        Tensor z1, Tensor z2, double temperature, nn.Reduction reduction = nn.Reduction.Mean, LossKernel kernel = LossKernel.Automatic)
    {
        TensorCheck.SameShape(z1, z2, "[B,T,D]", nameof(LocalLocal));
        TensorCheck.AtLeastTwo(z1, 1, "two timesteps or more", nameof(LocalLocal));
        OptionChecker.ThrowIfNotPositive(temperature);
        bool fused = KernelChoice.IsFused(kernel, z1, reduction, nameof(LocalLocal));

        using var scope = NewDisposeScope();
        if (fused)
        {
            int b = (int)z1.shape[0], t = (int)z1.shape[1];
            var clips = FusedInput.Of(stack([z1, z2], 0));                          // [2, B, T, D]
            double weight = 1.0 / (reduction == nn.Reduction.Mean ? 2.0 * t * b : 2.0 * t);
            double sum = VideoLocals.Sum(clips, ClipRows.ByVideo(2, b, t, z1.shape[2]), b, new Contrast(2, t, 2, temperature, weight));
            return FusedInput.Scalar(sum * weight, clips).MoveToOuterDisposeScope();
        }

        var views = KernelChoice.AtLeastSingle(stack([z1, z2], 1));                    // [B, 2, T, D]
        return Reduce(BatchedContrast.Mean(views, temperature), reduction).MoveToOuterDisposeScope();
    }
}
