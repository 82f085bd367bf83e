using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>The names of the terms, and the results made of them.</summary>
internal static class LossTerms
{
    public const string GlobalInstance = "ic2";
    public const string LocalInstance = "ic1";
    public const string PaperInstance = "ic";
    public const string LocalLocal = "local_local";
    public const string GlobalLocal = "global_local";

    /// <summary>The result of a loss of one term; all other tensors that the computation makes are released.</summary>
    public static LossResult Single(string name, Func<Tensor> compute)
    {
        using var scope = NewDisposeScope();
        var value = compute();
        return Result(value, [(name, value)]);
    }

    /// <summary>A result whose tensors leave the caller's dispose scope.</summary>
    public static LossResult Result(Tensor total, IEnumerable<(string Name, Tensor Value)> terms)
        => new(total.MoveToOuterDisposeScope(), [.. terms.Select(term => (term.Name, term.Value.detach().MoveToOuterDisposeScope()))]);

    /// <summary>Embeddings that a loss cannot do without.</summary>
    /// <exception cref="ArgumentException">They are missing.</exception>
    public static Tensor Required(Tensor? embeddings, string caller, string name)
        => embeddings ?? throw new ArgumentException($"{caller}: expected {name}, got none: use a view layout with 2 timesteps or more", nameof(embeddings));

    /// <summary>The embeddings of a further head.</summary>
    /// <exception cref="ArgumentException">There is no such head.</exception>
    public static Tensor Head(TemporalEmbeddings embeddings, string head, string caller)
        => embeddings.Heads.GetValueOrDefault(head) ?? throw new ArgumentException($"{caller}: expected embeddings of the head '{head}', got {(embeddings.Heads.Count == 0 ? "none" : string.Join(", ", embeddings.Heads.Keys))}", nameof(embeddings));

    /// <summary>The embeddings by the momentum encoder.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static TemporalEmbeddings Keys(TemporalEmbeddings embeddings, string caller)
        => embeddings.Keys ?? throw new ArgumentException($"{caller}: expected keys of a momentum encoder, got none: without one the loss trains something else", nameof(embeddings));

    /// <summary>DualVar's ranking terms.</summary>
    public static IEnumerable<(string Name, Tensor Value)> Ranks(Tensor augmented, Tensor plain, Tensor shuffled, DualVarLossOptions options) =>
    [
        ("rank_augmented", Functional.ShuffleRank(augmented, shuffled, options.RankMargin, options.RankCap) * options.RankWeight),
        ("rank_plain", Functional.ShuffleRank(plain, shuffled, options.RankMargin, options.RankCap) * options.RankWeight),
    ];

    /// <summary>The mistake of a loss of local clips in a run without them, or with one global view.</summary>
    public static IReadOnlyList<string> NeedsLocalClips(TrainingSetup setup)
        => setup.Layout.LocalClips >= 2 ? [] : [FormattableString.Invariant($"clips with 2 local clips or more, such as those of ClipSamplers.Tclr; the layout has {setup.Layout.GlobalViews} global views and {setup.Layout.LocalClips} local clips")];

    /// <summary>The mistake of a loss of two global views in a run with one.</summary>
    public static IReadOnlyList<string> NeedsTwoViews(TrainingSetup setup)
        => setup.ViewsOf(PassPlan.MainHead) >= 2 ? [] : [FormattableString.Invariant($"two views of a video or more for the main head; it sees {setup.ViewsOf(PassPlan.MainHead)}")];
}
