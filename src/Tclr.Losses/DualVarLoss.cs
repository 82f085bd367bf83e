using Tclr.Core;
using Tclr.Losses.Kernels;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>The loss of DualVar: clip contrast, temporal coherence and shuffle-rank.</summary>
/// <remarks>
/// <para>
/// For the views of DualVar's sampler: 0 a clip, 1 a clip of another time, 2 the frames of view 0 augmented anew, and as
/// last view the segments of view 2 shuffled, encoded and put back in order. Expects <c>GlobalPooled</c>
/// <c>[2 or more, B, D]</c>, the clip embeddings of views 0 and 1, and <c>GlobalSlices</c> <c>[4, B, S, E]</c>, the segment
/// embeddings of all four.
/// </para>
/// <list type="bullet">
/// <item><description><c>clip</c>: <see cref="Functional.NtXent"/> of views 0 and 1.</description></item>
/// <item><description><c>temporal_coherent</c>: <see cref="Functional.TemporalCoherent"/> of views 0 and 1.</description></item>
/// <item><description><c>rank_augmented</c>, <c>rank_plain</c>: half of <see cref="Functional.ShuffleRank"/> between
/// the shuffled view and view 0, and view 2.</description></item>
/// </list>
/// <para>Source: Zhang et al., "Inter-intra Variant Dual Representations for Self-supervised Video Recognition" (2021), the sum in the authors' code (SimCLR variant).</para>
/// </remarks>
/// <param name="temperature">Divides the similarities of clip and coherence terms: finite and above 0. The default value is 0.07.</param>
/// <param name="margin">Divides the differences of the ranking terms: finite and above 0. The default value is 0.05.</param>
/// <param name="kernel">How the clip and coherence terms are computed.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public sealed class DualVarLoss(double temperature = 0.07, double margin = 0.05, LossKernel kernel = LossKernel.Automatic) : ITemporalContrastiveLoss
{
    private const double RankWeight = 0.5;

    private readonly double temperature = Check.Temperature(temperature, nameof(DualVarLoss));
    private readonly double margin = Check.Temperature(margin, nameof(DualVarLoss));

    /// <inheritdoc/>
    public LossResult Compute(TemporalEmbeddings embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        var clips = embeddings.GlobalPooled;
        var segments = Check.Present(embeddings.GlobalSlices, nameof(DualVarLoss), nameof(TemporalEmbeddings.GlobalSlices));
        Check.Shape(clips, "[V,B,D]", nameof(DualVarLoss), nameof(TemporalEmbeddings.GlobalPooled));
        Check.AtLeastTwo(clips, 0, "the clips of two views or more", nameof(DualVarLoss), nameof(TemporalEmbeddings.GlobalPooled));
        Check.Shape(segments, "[4,B,S,E]", nameof(DualVarLoss), nameof(TemporalEmbeddings.GlobalSlices));
        if (segments.shape[0] != 4)
        {
            throw new ArgumentException(
                $"{nameof(DualVarLoss)}: expected GlobalSlices [4,B,S,E], the last view shuffled, got {Check.Text(segments)}", nameof(embeddings));
        }

        using var scope = NewDisposeScope();
        Tensor Segments(long view) => segments.select(0, view);
        (string Name, Tensor Value)[] terms =
        [
            ("clip", Functional.NtXent(clips.select(0, 0), clips.select(0, 1), temperature, kernel: kernel)),
            ("temporal_coherent", Functional.TemporalCoherent(Segments(0), Segments(1), temperature, kernel: kernel)),
            ("rank_augmented", Functional.ShuffleRank(Segments(0), Segments(3), margin) * RankWeight),
            ("rank_plain", Functional.ShuffleRank(Segments(2), Segments(3), margin) * RankWeight),
        ];
        var total = terms.Select(term => term.Value).Aggregate((sum, next) => sum + next);
        return new LossResult(
            total.MoveToOuterDisposeScope(), [.. terms.Select(term => new LossTerm(term.Name, term.Value.detach().MoveToOuterDisposeScope()))]);
    }
}
