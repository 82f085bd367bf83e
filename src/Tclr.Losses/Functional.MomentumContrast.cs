using Tclr.Losses.Kernels;
using static TorchSharp.torch;

namespace Tclr.Losses;

public static partial class Functional
{
    /// <summary>The loss of momentum contrast (InfoNCE with a queue): a query must find its key among the keys of earlier batches.</summary>
    /// <remarks>
    /// <c>-log( exp(q.k / t) / (exp(q.k / t) + sum over the queue of exp(q.n / t)) )</c>. Gradients reach the queries only.
    /// Source: He et al., "Momentum Contrast for Unsupervised Visual Representation Learning" (2020), equation 1.
    /// </remarks>
    /// <param name="queries">Embeddings of the trained encoder <c>[B, D]</c>, rows of unit length.</param>
    /// <param name="keys">Embeddings of the same videos by the momentum encoder <c>[B, D]</c>.</param>
    /// <param name="queue">Keys of earlier batches <c>[K, D]</c>, see <see cref="MemoryBank"/>.</param>
    /// <param name="temperature">The similarities are divided by it; finite and above 0. The source uses <see cref="MomentumContrastLoss.DefaultTemperature"/>.</param>
    /// <param name="reduction">Mean or sum over the queries, or none: <c>[B]</c>.</param>
    /// <returns>A scalar, or <c>[B]</c>.</returns>
    /// <exception cref="ArgumentException">
    /// Queries and keys are not two floating-point <c>[B, D]</c> of one shape, the queue is not <c>[K, D]</c> of the same type and
    /// device, or the temperature is out of range.
    /// </exception>
    /// <example><code>
    /// using var loss = Functional.MomentumContrast(queries, keys, bank.Rows, temperature);
    /// bank.Enqueue(keys);
    /// </code></example>
    public static Tensor MomentumContrast(
        Tensor queries, Tensor keys, Tensor queue, double temperature, nn.Reduction reduction = nn.Reduction.Mean)
    {
        TensorCheck.SameShape(queries, keys, "[B,D]", nameof(MomentumContrast));
        TensorCheck.Shape(queue, FormattableString.Invariant($"[K,{queries.shape[1]}]"), nameof(MomentumContrast));
        TensorCheck.SameKind(queries, queue, nameof(MomentumContrast));
        OptionChecker.ThrowIfNotPositive(temperature);

        using var scope = NewDisposeScope();
        var scaled = KernelChoice.AtLeastSingle(queries) / temperature;
        var positives = (scaled * KernelChoice.AtLeastSingle(keys.detach())).sum(1, keepdim: true);        // [B, 1]
        var negatives = scaled.mm(KernelChoice.AtLeastSingle(queue.detach()).t());                         // [B, K]
        var losses = cat([positives, negatives], 1).logsumexp(1) - positives.select(1, 0);
        return Reduce(losses, reduction).MoveToOuterDisposeScope();
    }
}
