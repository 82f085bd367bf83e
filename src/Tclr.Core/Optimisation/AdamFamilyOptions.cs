namespace Tclr.Core;

/// <summary>What Adam and AdamW have in common.</summary>
public abstract record AdamFamilyOptions : OptimizerOptions
{
    private protected AdamFamilyOptions(double weightDecay)
        : base(learningRate: 1e-3, weightDecay)
    {
    }

    /// <summary>Decay of the mean gradient.</summary>
    /// <value>In [0, 1). The default value is 0.9.</value>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean squared gradient.</summary>
    /// <value>In [0, 1). The default value is 0.999.</value>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the divisor.</summary>
    /// <value>Greater than 0. The default value is 1e-8.</value>
    public double Epsilon { get; init; } = 1e-8;

    internal override IEnumerable<string> Problems()
    {
        foreach (string problem in base.Problems())
        {
            yield return problem;
        }

        if (!IsDecay(Beta1) || !IsDecay(Beta2))
        {
            yield return FormattableString.Invariant($"{GetType().Name}.{nameof(Beta1)} and {nameof(Beta2)}: expected numbers in [0, 1), got {Beta1} and {Beta2}");
        }

        if (!(Epsilon > 0))
        {
            yield return FormattableString.Invariant($"{GetType().Name}.{nameof(Epsilon)}: expected a number greater than 0, got {Epsilon}");
        }
    }
}
