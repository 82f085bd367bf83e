namespace Tclr.Losses;

/// <summary>The terms of <see cref="DualVarLoss"/> and <see cref="DualVarMomentumLoss"/>, their weights and temperatures.</summary>
public sealed record DualVarLossOptions
{
    /// <summary>The temperature of DualVar, and the default.</summary>
    public const double DefaultTemperature = 0.07;

    /// <summary>Temperature of the clip and coherence terms: the similarities are divided by it.</summary>
    /// <value>Finite and above 0. The default value is <see cref="DefaultTemperature"/>.</value>
    public double Temperature { get; init; } = DefaultTemperature;

    /// <summary>Divides the differences of similarities in the ranking terms.</summary>
    /// <value>Finite and above 0. The default value is 0.05.</value>
    public double RankMargin { get; init; } = 0.05;

    /// <summary>Largest quotient of a difference and the margin, beyond which there is no gradient.</summary>
    /// <value>Above 0; <see cref="double.PositiveInfinity"/> for none, as in the authors' MoCo form. The default value is 5, as in their SimCLR form.</value>
    public double RankCap { get; init; } = 5;

    /// <summary>Weight of each of the two ranking terms.</summary>
    /// <value>Finite, 0 or more. The default value is 0.5.</value>
    public double RankWeight { get; init; } = 0.5;

    /// <summary>Whether to include the temporal-coherent term. Without it the loss is the authors' <c>clip-sr</c>.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool TemporalCoherence { get; init; } = true;

    internal void Check(OptionChecker check)
    {
        check.Positive(Temperature);
        check.Positive(RankMargin);
        check.Require(RankCap > 0, RankCap, "above 0, or infinite for no cap");
        check.NotNegative(RankWeight);
    }
}
