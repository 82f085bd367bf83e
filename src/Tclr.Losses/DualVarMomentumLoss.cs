using Tclr.Core;
using Tclr.Losses.Kernels;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>The loss of DualVar with momentum contrast: negatives come from queues of clip and segment embeddings.</summary>
/// <remarks>
/// <para>
/// As <see cref="DualVarLoss"/>, but view 0 gives the queries and view 1, encoded by the momentum encoder, the keys. The passes are
/// <see cref="PassPlan.DualVarMomentum"/>. The loss expects the clip embeddings of view 0 as <c>GlobalPooled</c>
/// <c>[1 or more, B, D]</c>, the segment embeddings of views 0, 2 and the shuffled copy of view 2 by the head
/// <see cref="PassPlan.SeriesHead"/> <c>[3, B, S, E]</c>, and those of view 1 in <c>Keys</c>.
/// </para>
/// <list type="bullet">
/// <item><description><c>clip</c>: <see cref="Functional.MomentumContrast"/> of the clip embeddings.</description></item>
/// <item><description><c>temporal_coherent</c>: the same on the mean segment embeddings.</description></item>
/// <item><description><c>rank_augmented</c>, <c>rank_plain</c>: as in <see cref="DualVarLoss"/>.</description></item>
/// </list>
/// <para>Source: Zhang et al., "Inter-intra Variant Dual Representations for Self-supervised Video Recognition" (2021), the sum in the authors' code (MoCo form).</para>
/// </remarks>
public sealed class DualVarMomentumLoss : IStatefulLoss, IDisposable
{
    private readonly KeyQueue clipQueue;
    private readonly KeyQueue segmentQueue;

    /// <summary>Creates the loss.</summary>
    /// <param name="clips">Negatives of the clip term, keys <c>[K, D]</c>; disposed with the loss.</param>
    /// <param name="segments">Negatives of the coherence term, keys <c>[K, S, E]</c>; disposed with the loss.</param>
    /// <param name="options">Terms, weights and temperatures; <see langword="null"/> for the defaults without a cap of the ranks, as in the authors' code.</param>
    /// <exception cref="ArgumentException">An option is out of its range. The message lists all mistakes.</exception>
    public DualVarMomentumLoss(MemoryBank clips, MemoryBank segments, DualVarLossOptions? options = null)
    {
        clipQueue = new KeyQueue("clips", clips);
        segmentQueue = new KeyQueue("segments", segments);
        Options = options ?? new DualVarLossOptions { RankCap = double.PositiveInfinity };
        OptionChecker.ThrowIfInvalid(Options.Check, nameof(options));
    }

    /// <summary>The options the loss was created with.</summary>
    public DualVarLossOptions Options { get; }

    /// <inheritdoc/>
    public LossResult Compute(TemporalEmbeddings embeddings) => ComputeShare(embeddings, 0, 1);

    /// <inheritdoc/>
    public LossResult ComputeShare(TemporalEmbeddings embeddings, int share, int shares)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        const string Name = nameof(DualVarMomentumLoss);
        var keys = LossTerms.Keys(embeddings, Name);
        var segments = LossTerms.Head(embeddings, PassPlan.SeriesHead, Name);
        var keySegments = LossTerms.Head(keys, PassPlan.SeriesHead, Name);
        TensorCheck.Shape(embeddings.GlobalPooled, "[V,B,D]", Name, nameof(TemporalEmbeddings.GlobalPooled));
        TensorCheck.Shape(keys.GlobalPooled, "[1,B,D]", Name, nameof(TemporalEmbeddings.Keys));
        TensorCheck.Shape(segments, "[3,B,S,E]", Name, PassPlan.SeriesHead);
        TensorCheck.Shape(keySegments, "[1,B,S,E]", Name, nameof(TemporalEmbeddings.Keys));

        using var scope = NewDisposeScope();
        var own = new LossShare(share, shares);
        Tensor clipKeys = keys.GlobalPooled.select(0, 0), segmentKeys = keySegments.select(0, 0);
        Tensor Segments(long view) => own.Own(segments.select(0, view), 0);
        List<(string Name, Tensor Value)> terms =
        [
            ("clip", Functional.MomentumContrast(own.Own(embeddings.GlobalPooled.select(0, 0), 0), own.Own(clipKeys, 0), clipQueue.RowsLike(clipKeys), Options.Temperature)),
        ];
        if (Options.TemporalCoherence)
        {
            // The mean of all S x S products is the product of the means.
            var queries = KernelChoice.AtLeastSingle(Segments(0)).mean([1]);
            terms.Add(("temporal_coherent", Functional.MomentumContrast(
                queries, KernelChoice.AtLeastSingle(own.Own(segmentKeys, 0)).mean([1]), segmentQueue.RowsLike(queries).mean([1]), Options.Temperature)));
        }

        terms.AddRange(LossTerms.Ranks(Segments(0), Segments(1), Segments(2), Options));
        if (shares > 1)
        {
            terms = terms.ConvertAll(term => (term.Name, term.Value / (double)shares));
        }

        var total = terms.Select(term => term.Value).Aggregate((sum, next) => sum + next);
        clipQueue.Enqueue(clipKeys);
        segmentQueue.Enqueue(segmentKeys);
        return LossTerms.Result(total, terms);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> FindMistakes(TrainingSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var mistakes = KeyQueue.FindMistakes(setup, nameof(PassPlan.DualVarMomentum)).Concat(clipQueue.FindMistakes(setup)).ToList();
        if (setup.ViewsOf(PassPlan.SeriesHead) != 3)
        {
            mistakes.Add($"a head '{PassPlan.SeriesHead}' that sees views 0, 2 and a shuffled copy: call AddHead(\"{PassPlan.SeriesHead}\", ...) and WithPasses(PassPlan.{nameof(PassPlan.DualVarMomentum)})");
        }

        return mistakes;
    }

    /// <inheritdoc/>
    public IEnumerable<KeyValuePair<string, Tensor>> SaveState() => clipQueue.SaveState().Concat(segmentQueue.SaveState());

    /// <inheritdoc/>
    public void RestoreState(IReadOnlyDictionary<string, Tensor> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        clipQueue.RestoreState(state, nameof(DualVarMomentumLoss));
        segmentQueue.RestoreState(state, nameof(DualVarMomentumLoss));
    }

    /// <summary>Releases the memory banks.</summary>
    public void Dispose()
    {
        clipQueue.Dispose();
        segmentQueue.Dispose();
    }
}
