using Tclr.Losses.Kernels;
using static TorchSharp.torch;

namespace Tclr.Losses;

public static partial class Functional
{
    // A difference whose cost and gradient are exactly 0.
    private const double Excluded = -1e30;

    /// <summary>The shuffle-rank loss: a segment must be nearer to the same segment of the shuffled clip than to any other.</summary>
    /// <remarks>
    /// For each video the <c>2S</c> segment embeddings of a clip and of its shuffled copy (put back in order) are anchors.
    /// An anchor's positive <c>p</c> is the same segment of the other set, its negatives <c>n</c> the <c>2S - 2</c>
    /// remaining ones; each negative costs <c>log(1 + exp(min((s_n - s_p) / margin, cap)))</c>.
    /// Source: Zhang et al., "Inter-intra Variant Dual Representations for Self-supervised Video Recognition" (2021), as in the authors' code (SimCLR variant: cap 5;
    /// MoCo variant: none), without its weight of 0.5.
    /// </remarks>
    /// <param name="segments">Segments of the clip <c>[B, S, D]</c>, rows of unit length, <c>S</c> 2 or more.</param>
    /// <param name="shuffled">Segments of the shuffled clip <c>[B, S, D]</c>, put back in order.</param>
    /// <param name="margin">Divides the differences of similarities: finite and above 0. The default value is 0.05.</param>
    /// <param name="cap">Largest quotient, beyond which there is no gradient; <see cref="double.PositiveInfinity"/> for none. The default value is 5.</param>
    /// <param name="reduction">Mean or sum over the videos, or none: <c>[B]</c>. A video's value is the mean over its anchors and their negatives.</param>
    /// <returns>A scalar, or <c>[B]</c>; <c>log 2</c> per video where all embeddings are equal.</returns>
    /// <exception cref="ArgumentException">The inputs are not two floating-point <c>[B, S, D]</c> of one shape with two segments or more, or a number is out of range.</exception>
    /// <example><code>
    /// using var loss = Functional.ShuffleRank(segments, shuffled) * 0.5;
    /// </code></example>
    public static Tensor ShuffleRank(
        Tensor segments, Tensor shuffled, double margin = 0.05, double cap = 5, nn.Reduction reduction = nn.Reduction.Mean)
    {
        TensorCheck.SameShape(segments, shuffled, "[B,S,D]", nameof(ShuffleRank));
        TensorCheck.AtLeastTwo(segments, 1, "two segments or more", nameof(ShuffleRank));
        OptionChecker.ThrowIfNotPositive(margin);
        if (double.IsNaN(cap))
        {
            throw new ArgumentOutOfRangeException(nameof(cap), cap, $"{nameof(ShuffleRank)}: expected a number, or PositiveInfinity for no cap, got NaN");
        }

        using var scope = NewDisposeScope();
        long s = segments.shape[1];
        var rows = KernelChoice.AtLeastSingle(cat([segments, shuffled], 1));           // [B, 2S, D]
        var similarities = (rows / margin).bmm(rows.transpose(1, 2));
        var positives = cat([similarities.diagonal(s, 1, 2), similarities.diagonal(-s, 1, 2)], 1).unsqueeze(2);   // [B, 2S, 1]
        var differences = similarities - positives;
        if (!double.IsPositiveInfinity(cap))
        {
            differences = differences.clamp(max: cap);
        }

        foreach (long offset in new[] { 0, s, -s })
        {
            differences.diagonal(offset, 1, 2).fill_(Excluded);                     // neither the anchor nor its positive
        }

        var none = zeros(differences.shape, differences.dtype, differences.device);
        var costs = stack([differences, none], 0).logsumexp(0);                     // log(1 + exp(x)) without overflow
        return Reduce(costs.flatten(1).sum(1) / (double)(2 * s * ((2 * s) - 2)), reduction).MoveToOuterDisposeScope();
    }
}
