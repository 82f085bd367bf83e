namespace Tclr.Core;

/// <summary>The forward passes of a training step: which views go through the networks together.</summary>
/// <remarks>
/// Views that share a pass share their batch-normalization statistics. The views of a batch are numbered as in
/// <see cref="ViewLayout"/>; the shuffled views follow them.
/// </remarks>
/// <param name="Passes">The passes, in order; one or more.</param>
/// <example><code>
/// // DualVar: views 0 to 2 together, the shuffled copy of view 2 by itself, seen by the series head only.
/// var plan = new PassPlan([new ViewPass([0, 1, 2]), new ViewPass([3]) { Heads = ["series"] }])
/// {
///     ShuffledViews = [new ShuffledView(View: 2, Segments: 2)],
/// };
/// </code></example>
public sealed record PassPlan(IReadOnlyList<ViewPass> Passes)
{
    /// <summary>Name of the head that <see cref="TclrTrainerBuilder.UseHead"/> sets.</summary>
    public const string MainHead = "main";

    /// <summary>Name of DualVar's segment head.</summary>
    public const string SeriesHead = "series";

    /// <summary>Views that are shuffled copies of others. The first one is number <see cref="ViewLayout.Count"/>.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<ShuffledView> ShuffledViews { get; init; } = [];

    /// <summary>Momentum contrast: view 0 gives the queries, view 1 the keys.</summary>
    /// <remarks>Source: He et al., "Momentum Contrast for Unsupervised Visual Representation Learning" (2020).</remarks>
    public static PassPlan MomentumContrast { get; } = new([new ViewPass([0]), new ViewPass([1]) { Momentum = true }]);

    /// <summary>DualVar with in-batch negatives: views 0, 1 and 2 together, then view 3, the shuffled copy of view 2.</summary>
    /// <remarks>Source: Zhang et al., "Inter-intra Variant Dual Representations for Self-supervised Video Recognition" (2021), the authors' code.</remarks>
    public static PassPlan DualVar { get; } = new([new ViewPass([0, 1, 2]), new ViewPass([3]) { Heads = [SeriesHead] }])
    {
        ShuffledViews = [new ShuffledView(View: 2, Segments: 2)],
    };

    /// <summary>DualVar with momentum contrast: view 0 gives the queries, view 1 the keys, then view 2 and its shuffled copy together.</summary>
    /// <inheritdoc cref="DualVar" path="/remarks"/>
    public static PassPlan DualVarMomentum { get; } = new([new ViewPass([0]), new ViewPass([1]) { Momentum = true }, new ViewPass([2, 3]) { Heads = [SeriesHead] }])
    {
        ShuffledViews = [new ShuffledView(View: 2, Segments: 2)],
    };

    /// <summary>The plan for a batch-normalization scope.</summary>
    internal static PassPlan Of(ViewLayout layout, BatchNormScope scope)
    {
        var views = Enumerable.Range(0, layout.Count);
        return scope == BatchNormScope.PerView ? new([.. views.Select(view => new ViewPass([view]))]) : new([new ViewPass([.. views])]);
    }

    /// <summary>Number of views in the largest pass.</summary>
    internal int LargestPass => Passes.Max(pass => pass.Views.Count);

    /// <summary>Views that pass through the trained encoder in a step.</summary>
    internal int TrainedViews => Passes.Where(pass => !pass.Momentum).Sum(pass => pass.Views.Count);

    internal void Check(OptionChecker check, ViewLayout layout, IReadOnlyCollection<string> heads, bool hasMomentumEncoder)
    {
        const string Name = "WithPasses";
        int views = layout.Count + ShuffledViews.Count;
        check.Require(Passes.Any(pass => !pass.Momentum && pass.Sees(MainHead)), Passes.Count, "a pass through the trained encoder that the main head sees", Name);
        foreach (var shuffled in ShuffledViews)
        {
            check.Require(shuffled.View >= 0 && shuffled.View < layout.Count, shuffled.View, FormattableString.Invariant($"shuffled copies of views 0 to {layout.Count - 1}"), Name);
            check.AtLeast(shuffled.Segments, 2, Name + ": segments of a shuffled view");
        }

        foreach (var pass in Passes)
        {
            string text = $"{{{string.Join(", ", pass.Views)}}}";
            check.Require(pass.Views.Count > 0 && pass.Views.All(view => view >= 0 && view < views), text, FormattableString.Invariant($"views 0 to {views - 1} in a pass"), Name);
            check.Require(pass.Views.Zip(pass.Views.Skip(1)).All(pair => pair.First < pair.Second), text, "the views of a pass in ascending order", Name);
            foreach (string head in (pass.Heads ?? []).Where(head => !heads.Contains(head, StringComparer.Ordinal)))
            {
                check.Require(holds: false, head, $"one of the heads {string.Join(", ", heads)}; AddHead adds one", Name);
            }
        }

        check.Require(hasMomentumEncoder || Passes.All(pass => !pass.Momentum), "none", "a momentum encoder for the passes with Momentum: call WithMomentumEncoder()", Name);
        foreach (var twice in Passes.SelectMany(pass => pass.Views.Select(view => (view, pass.Momentum))).GroupBy(entry => entry).Where(group => group.Count() > 1))
        {
            check.Require(holds: false, twice.Key.view, "each view in one pass of an encoder", Name);
        }

        if (layout.LocalClips > 0)
        {
            var seen = Passes.Where(pass => !pass.Momentum && pass.Sees(MainHead)).SelectMany(pass => pass.Views).ToHashSet();
            check.Require(
                Enumerable.Range(0, layout.Count).All(seen.Contains), string.Join(", ", seen.Order()), FormattableString.Invariant($"all {layout.Count} views of a layout with local clips for the main head"), Name);
        }
    }
}

/// <summary>A forward pass.</summary>
/// <param name="Views">Numbers of the views, one or more, ascending.</param>
public sealed record ViewPass(IReadOnlyList<int> Views)
{
    /// <summary>Names of the projection heads that project the features.</summary>
    /// <value>The default value is <see langword="null"/>: all heads.</value>
    public IReadOnlyList<string>? Heads { get; init; }

    /// <summary>Whether the views go through the momentum encoder and its heads, without gradients. The embeddings are <see cref="TemporalEmbeddings.Keys"/>.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Momentum { get; init; }

    internal bool Sees(string head) => Heads is null || Heads.Contains(head, StringComparer.Ordinal);
}

/// <summary>A copy of a view whose segments are in random order, drawn anew for each clip.</summary>
/// <remarks>
/// Segment <c>j</c> shows segment <c>p(j)</c> of the view, where <c>p</c> is uniform over all permutations, the identity included. The
/// embeddings of a head that embeds segments are put back in the order of the view.
/// </remarks>
/// <param name="View">Number of the view.</param>
/// <param name="Segments">Number of segments, 2 or more; divides the clip length.</param>
public sealed record ShuffledView(int View, int Segments = 2);
