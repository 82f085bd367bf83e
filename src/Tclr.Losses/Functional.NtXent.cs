using Tclr.Losses.Kernels;
using Tclr.Losses.Kernels.Batched;
using static TorchSharp.torch;

namespace Tclr.Losses;

public static partial class Functional
{
    /// <summary>The normalized temperature-scaled cross-entropy of two views of the same samples (NT-Xent).</summary>
    /// <remarks>
    /// Every one of the <c>2N</c> rows is an anchor. Its positive is the same sample's other view; its negatives are the
    /// <c>2N - 2</c> rows of the other samples, from both views. Without negatives (<c>N = 1</c>) the loss and its
    /// gradients are exactly 0; where all embeddings are equal it is <c>log(2N - 1)</c>.
    /// Source: Chen et al., "A Simple Framework for Contrastive Learning of Visual Representations" (2020), equation 1;
    /// as the instance-contrastive loss of Dave et al., "TCLR" (2022), equation 1, with the anchors of both views.
    /// </remarks>
    /// <param name="z1">The first view <c>[N, D]</c>, rows of unit length.</param>
    /// <param name="z2">The second view <c>[N, D]</c>; row <c>i</c> shows the same sample as row <c>i</c> of <paramref name="z1"/>.</param>
    /// <param name="temperature">The similarities are divided by it; finite and above 0. TCLR uses <see cref="DefaultTemperature"/>.</param>
    /// <param name="reduction">Mean or sum over the <c>2N</c> anchors, or none: <c>[2N]</c>, first those of <paramref name="z1"/>.</param>
    /// <param name="kernel">The implementation to use.</param>
    /// <returns>A scalar, or <c>[2N]</c>.</returns>
    /// <exception cref="ArgumentException">The views are not two floating-point <c>[N, D]</c> of one shape, the temperature is out of range, or the kernel does not apply.</exception>
    /// <example><code>
    /// using var z1 = functional.normalize(head.call(a));
    /// using var z2 = functional.normalize(head.call(b));
    /// using var loss = Functional.NtXent(z1, z2, Functional.DefaultTemperature);
    /// loss.backward();
    /// </code></example>
    public static Tensor NtXent(
        Tensor z1, Tensor z2, double temperature, nn.Reduction reduction = nn.Reduction.Mean, LossKernel kernel = LossKernel.Automatic)
    {
        TensorCheck.SameShape(z1, z2, "[N,D]", nameof(NtXent));
        OptionChecker.ThrowIfNotPositive(temperature);
        bool fused = KernelChoice.IsFused(kernel, z1, reduction, nameof(NtXent));

        using var scope = NewDisposeScope();
        var views = stack([z1, z2], 0);                                             // [2, N, D]
        double anchors = 2 * z1.shape[0];
        if (fused)
        {
            return Views(views, temperature, reduction == nn.Reduction.Mean ? 1 / anchors : 1).MoveToOuterDisposeScope();
        }

        var terms = BatchedContrast.Terms(KernelChoice.AtLeastSingle(views).unsqueeze(0), temperature);   // [1, a, i, b]
        var perAnchor = terms.sum(3).flatten();                                     // the anchor's own view gives 0
        return Reduce(perAnchor, reduction).MoveToOuterDisposeScope();
    }
}
