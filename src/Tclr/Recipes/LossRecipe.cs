using System.Text.Json.Serialization;
using Tclr.Core;
using Tclr.Losses;

namespace Tclr;

/// <summary>The loss of a recipe. Derive from it for a loss of your own, and register it with <see cref="RecipeRegistry.Add{T}"/>.</summary>
/// <example><code>
/// var recipe = TclrRecipes.Tiny() with
/// {
///     Loss = LossRecipe.Combined(LossRecipe.InstanceContrastive(), LossRecipe.GlobalLocal(weight: 0.5)),
/// };
/// </code></example>
[JsonDerivedType(typeof(TclrLossRecipe), "tclr")]
[JsonDerivedType(typeof(InstanceContrastiveRecipe), "instance_contrastive")]
[JsonDerivedType(typeof(LocalLocalRecipe), "local_local")]
[JsonDerivedType(typeof(GlobalLocalRecipe), "global_local")]
[JsonDerivedType(typeof(DualVarRecipe), "dual_var")]
[JsonDerivedType(typeof(DualVarMomentumRecipe), "dual_var_momentum")]
[JsonDerivedType(typeof(MomentumContrastRecipe), "momentum_contrast")]
[JsonDerivedType(typeof(CombinedRecipe), "combined")]
public abstract record LossRecipe
{
    /// <summary>Weight of the loss in the total.</summary>
    /// <value>Finite, 0 or more. The default value is 1.</value>
    public double Weight { get; init; } = 1;

    /// <summary>The loss of TCLR, <see cref="TclrLoss"/>.</summary>
    /// <param name="options">Terms, weights and temperatures; <see langword="null"/> for the defaults.</param>
    /// <returns>The recipe.</returns>
    public static TclrLossRecipe Tclr(TclrLossOptions? options = null) => new(options ?? new TclrLossOptions());

    /// <summary>The instance contrastive loss of SimCLR and CVRL, <see cref="InstanceContrastiveLoss"/>.</summary>
    /// <param name="temperature">The similarities are divided by it; finite and above 0. The default value is <see cref="Functional.DefaultTemperature"/>.</param>
    /// <param name="weight">Weight of the loss in the total: finite, 0 or more. The default value is 1.</param>
    /// <returns>The recipe.</returns>
    public static LossRecipe InstanceContrastive(double temperature = Functional.DefaultTemperature, double weight = 1) => new InstanceContrastiveRecipe(temperature) { Weight = weight };

    /// <summary>The local-local temporal contrastive loss, <see cref="LocalLocalLoss"/>.</summary>
    /// <inheritdoc cref="InstanceContrastive"/>
    public static LossRecipe LocalLocal(double temperature = Functional.DefaultTemperature, double weight = 1) => new LocalLocalRecipe(temperature) { Weight = weight };

    /// <summary>The global-local temporal contrastive loss, <see cref="GlobalLocalLoss"/>.</summary>
    /// <inheritdoc cref="InstanceContrastive"/>
    public static LossRecipe GlobalLocal(double temperature = Functional.DefaultTemperature, double weight = 1) => new GlobalLocalRecipe(temperature) { Weight = weight };

    /// <summary>Momentum contrast, <see cref="MomentumContrastLoss"/>.</summary>
    /// <param name="capacity">Number of keys in the memory bank, a multiple of the batch size. The default value is 16,384.</param>
    /// <param name="dimension">Dimension of an embedding. The default value is 128.</param>
    /// <param name="temperature">The similarities are divided by it; finite and above 0. The default value is <see cref="MomentumContrastLoss.DefaultTemperature"/>.</param>
    /// <returns>The recipe.</returns>
    public static LossRecipe MomentumContrast(int capacity = 16384, int dimension = 128, double temperature = MomentumContrastLoss.DefaultTemperature)
        => new MomentumContrastRecipe(capacity, dimension, temperature);

    /// <summary>The loss of DualVar, <see cref="DualVarLoss"/>.</summary>
    /// <param name="options">Terms, weights and temperatures; <see langword="null"/> for the defaults.</param>
    /// <returns>The recipe.</returns>
    public static LossRecipe DualVar(DualVarLossOptions? options = null) => new DualVarRecipe(options ?? new DualVarLossOptions());

    /// <summary>The loss of DualVar with momentum contrast, <see cref="DualVarMomentumLoss"/>.</summary>
    /// <param name="capacity">Number of keys in each memory bank, a multiple of the batch size. The default value is 16,384.</param>
    /// <param name="dimension">Dimension of a clip's embedding. The default value is 128.</param>
    /// <param name="segments">Number of segments of a clip. The default value is 2.</param>
    /// <param name="segmentDimension">Dimension of a segment's embedding. The default value is 64.</param>
    /// <param name="options">Terms, weights and temperatures; <see langword="null"/> for the defaults without a cap of the ranks.</param>
    /// <returns>The recipe.</returns>
    public static LossRecipe DualVarMomentum(int capacity = 16384, int dimension = 128, int segments = 2, int segmentDimension = 64, DualVarLossOptions? options = null)
        => new DualVarMomentumRecipe(options ?? new DualVarLossOptions { RankCap = double.PositiveInfinity }, capacity, dimension, segments, segmentDimension);

    /// <summary>A weighted sum of losses, <see cref="CombinedLoss"/>.</summary>
    /// <param name="losses">The losses, one or more, each with its weight.</param>
    /// <returns>The recipe.</returns>
    public static LossRecipe Combined(params IReadOnlyList<LossRecipe> losses) => new CombinedRecipe(losses);

    /// <summary>Creates the loss, without its weight.</summary>
    /// <returns>The loss.</returns>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    public abstract ITemporalContrastiveLoss Create();

    private sealed record InstanceContrastiveRecipe(double Temperature = Functional.DefaultTemperature) : LossRecipe
    {
        public override ITemporalContrastiveLoss Create() => new InstanceContrastiveLoss(Temperature);
    }

    private sealed record LocalLocalRecipe(double Temperature = Functional.DefaultTemperature) : LossRecipe
    {
        public override ITemporalContrastiveLoss Create() => new LocalLocalLoss(Temperature);
    }

    private sealed record GlobalLocalRecipe(double Temperature = Functional.DefaultTemperature) : LossRecipe
    {
        public override ITemporalContrastiveLoss Create() => new GlobalLocalLoss(Temperature);
    }

    private sealed record MomentumContrastRecipe(int Capacity = 16384, int Dimension = 128, double Temperature = MomentumContrastLoss.DefaultTemperature) : LossRecipe
    {
        public override ITemporalContrastiveLoss Create() => new MomentumContrastLoss(new MemoryBank(Capacity, Dimension), Temperature);
    }

    private sealed record DualVarRecipe(DualVarLossOptions Options) : LossRecipe
    {
        public override ITemporalContrastiveLoss Create() => new DualVarLoss(Options);
    }

    private sealed record DualVarMomentumRecipe(DualVarLossOptions Options, int Capacity = 16384, int Dimension = 128, int Segments = 2, int SegmentDimension = 64) : LossRecipe
    {
        public override ITemporalContrastiveLoss Create()
            => new DualVarMomentumLoss(new MemoryBank(Capacity, Dimension, seed: 1), new MemoryBank(Capacity, SegmentDimension, seed: 2, segments: Segments), Options);
    }

    private sealed record CombinedRecipe(IReadOnlyList<LossRecipe> Losses) : LossRecipe
    {
        public override ITemporalContrastiveLoss Create() => new CombinedLoss([.. Losses.Select(loss => (loss.Create(), loss.Weight))]);
    }
}

/// <summary>The loss of TCLR, <see cref="TclrLoss"/>.</summary>
/// <param name="Options">Its terms, weights and temperatures.</param>
public sealed record TclrLossRecipe(TclrLossOptions Options) : LossRecipe
{
    /// <summary>Creates the loss with the default options.</summary>
    public TclrLossRecipe()
        : this(new TclrLossOptions())
    {
    }

    /// <inheritdoc/>
    public override ITemporalContrastiveLoss Create() => new TclrLoss(Options);
}
