using Tclr.Core;
using Tclr.Losses.Kernels;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>The loss of DualVar: clip contrast, temporal coherence and shuffle-rank, with negatives from the batch.</summary>
/// <remarks>
/// <para>
/// The views are those of DualVar's sampler: view 0 is a clip, view 1 a clip at another time, view 2 the frames of view 0 with
/// another augmentation, and view 3 the shuffled copy of view 2. The passes are <see cref="PassPlan.DualVar"/>. The loss expects
/// the clip embeddings of views 0 and 1 as <c>GlobalPooled</c> <c>[2 or more, B, D]</c>, and the segment embeddings of all four
/// views by the head <see cref="PassPlan.SeriesHead"/>, <c>[4, B, S, E]</c>.
/// </para>
/// <list type="bullet">
/// <item><description><c>clip</c>: <see cref="Functional.NtXent"/> of views 0 and 1.</description></item>
/// <item><description><c>temporal_coherent</c>: <see cref="Functional.TemporalCoherent"/> of views 0 and 1.</description></item>
/// <item><description><c>rank_augmented</c>, <c>rank_plain</c>: <see cref="Functional.ShuffleRank"/> between
/// the shuffled view and view 0, and view 2, times <see cref="DualVarLossOptions.RankWeight"/>.</description></item>
/// </list>
/// <para>Source: Zhang et al., "Inter-intra Variant Dual Representations for Self-supervised Video Recognition" (2021), the sum in the authors' code (SimCLR form).</para>
/// </remarks>
public sealed class DualVarLoss : ITemporalContrastiveLoss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="options">Terms, weights and temperatures; <see langword="null"/> for the defaults.</param>
    /// <param name="kernel">The implementation of the clip and coherence terms.</param>
    /// <exception cref="ArgumentException">An option is out of its range. The message lists all mistakes.</exception>
    public DualVarLoss(DualVarLossOptions? options = null, LossKernel kernel = LossKernel.Automatic)
    {
        Options = options ?? new DualVarLossOptions();
        OptionChecker.ThrowIfInvalid(Options.Check, nameof(options));
        Kernel = kernel;
    }

    /// <summary>The options the loss was created with.</summary>
    public DualVarLossOptions Options { get; }

    /// <summary>The implementation of the clip and coherence terms.</summary>
    public LossKernel Kernel { get; }

    /// <inheritdoc/>
    public LossResult Compute(TemporalEmbeddings embeddings)
        => Sum(embeddings, (z1, z2) => Functional.NtXent(z1, z2, Options.Temperature, kernel: Kernel), segments => segments, 1);

    /// <inheritdoc/>
    public LossResult ComputeShare(TemporalEmbeddings embeddings, int share, int shares)
    {
        var own = new LossShare(share, shares);
        return Sum(
            embeddings,
            (z1, z2) => own.Instances(stack([z1, z2], 0), Options.Temperature, terms => terms.sum() / (2.0 * z1.shape[0])),
            segments => own.Own(segments, 0),
            1.0 / shares);
    }

    // The contrast of two views of all videos, and the ranks of the own videos.
    private LossResult Sum(TemporalEmbeddings embeddings, Func<Tensor, Tensor, Tensor> contrast, Func<Tensor, Tensor> own, double rankFactor)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        const string Name = nameof(DualVarLoss);
        var clips = embeddings.GlobalPooled;
        var segments = LossTerms.Head(embeddings, PassPlan.SeriesHead, Name);
        TensorCheck.Shape(clips, "[V,B,D]", Name, nameof(TemporalEmbeddings.GlobalPooled));
        TensorCheck.AtLeastTwo(clips, 0, "two views or more", Name, nameof(TemporalEmbeddings.GlobalPooled));
        TensorCheck.Shape(segments, "[4,B,S,E]", Name, PassPlan.SeriesHead);

        using var scope = NewDisposeScope();
        Tensor Segments(long view) => segments.select(0, view);
        List<(string Name, Tensor Value)> terms = [("clip", contrast(clips.select(0, 0), clips.select(0, 1)))];
        if (Options.TemporalCoherence)
        {
            // The mean of all S x S products is the product of the means.
            terms.Add(("temporal_coherent", contrast(KernelChoice.AtLeastSingle(Segments(0)).mean([1]), KernelChoice.AtLeastSingle(Segments(1)).mean([1]))));
        }

        var ranks = LossTerms.Ranks(own(Segments(0)), own(Segments(2)), own(Segments(3)), Options);
        terms.AddRange(rankFactor == 1 ? ranks : ranks.Select(term => (term.Name, term.Value * rankFactor)));
        return LossTerms.Result(terms.Select(term => term.Value).Aggregate((sum, next) => sum + next), terms);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FindMistakes(TrainingSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return setup.ViewsOf(PassPlan.MainHead) < 2 || setup.ViewsOf(PassPlan.SeriesHead) != 4
            ? [$"a head '{PassPlan.SeriesHead}' that sees views 0, 1, 2 and a shuffled copy: call AddHead(\"{PassPlan.SeriesHead}\", ...) and WithPasses(PassPlan.{nameof(PassPlan.DualVar)})"]
            : [];
    }
}
