using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>The loss of DualVar: clip contrast, temporal coherence and shuffle-rank.</summary>
/// <remarks>
/// <para>
/// The views are those of DualVar's sampler: view 0 is a clip, view 1 a clip at another time, view 2 the frames of view 0 with
/// another augmentation, and view 3 the segments of view 2 in shuffled order, put back in order after encoding. The loss expects
/// the clip embeddings of views 0 and 1 as <c>GlobalPooled</c> <c>[2 or more, B, D]</c>, and the segment embeddings of all four
/// views as <c>GlobalSlices</c> <c>[4, B, S, E]</c>.
/// </para>
/// <list type="bullet">
/// <item><description><c>clip</c>: <see cref="Functional.NtXent"/> of views 0 and 1.</description></item>
/// <item><description><c>temporal_coherent</c>: <see cref="Functional.TemporalCoherent"/> of views 0 and 1.</description></item>
/// <item><description><c>rank_augmented</c>, <c>rank_plain</c>: half of <see cref="Functional.ShuffleRank"/> between
/// the shuffled view and view 0, and view 2.</description></item>
/// </list>
/// <para>Source: Zhang et al., "Inter-intra Variant Dual Representations for Self-supervised Video Recognition" (2021), the sum in the authors' code (SimCLR variant).</para>
/// </remarks>
/// <param name="temperature">The similarities of the clip and coherence terms are divided by it; finite and above 0. The default value is <see cref="DefaultTemperature"/>.</param>
/// <param name="margin">The differences of the ranking terms are divided by it; finite and above 0. The default value is 0.05.</param>
/// <param name="kernel">The implementation of the clip and coherence terms.</param>
/// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
public sealed class DualVarLoss(double temperature = DualVarLoss.DefaultTemperature, double margin = 0.05, LossKernel kernel = LossKernel.Automatic) : ITemporalContrastiveLoss
{
    /// <summary>The temperature of DualVar, and the default.</summary>
    public const double DefaultTemperature = 0.07;

    private const double RankWeight = 0.5;

    private readonly double temperature = OptionChecker.ThrowIfNotPositive(temperature);
    private readonly double margin = OptionChecker.ThrowIfNotPositive(margin);

    /// <inheritdoc/>
    public LossResult Compute(TemporalEmbeddings embeddings)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        const string Name = nameof(DualVarLoss);
        var clips = embeddings.GlobalPooled;
        var segments = LossTerms.Required(embeddings.GlobalSlices, Name, nameof(TemporalEmbeddings.GlobalSlices));
        TensorCheck.Shape(clips, "[V,B,D]", Name, nameof(TemporalEmbeddings.GlobalPooled));
        TensorCheck.AtLeastTwo(clips, 0, "two views or more", Name, nameof(TemporalEmbeddings.GlobalPooled));
        TensorCheck.Shape(segments, "[4,B,S,E]", Name, nameof(TemporalEmbeddings.GlobalSlices));

        using var scope = NewDisposeScope();
        Tensor Segments(long view) => segments.select(0, view);
        (string Name, Tensor Value)[] terms =
        [
            ("clip", Functional.NtXent(clips.select(0, 0), clips.select(0, 1), temperature, kernel: kernel)),
            ("temporal_coherent", Functional.TemporalCoherent(Segments(0), Segments(1), temperature, kernel: kernel)),
            ("rank_augmented", Functional.ShuffleRank(Segments(0), Segments(3), margin) * RankWeight),
            ("rank_plain", Functional.ShuffleRank(Segments(2), Segments(3), margin) * RankWeight),
        ];
        return LossTerms.Result(terms.Select(term => term.Value).Aggregate((sum, next) => sum + next), terms);
    }
}
