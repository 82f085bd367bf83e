namespace Tclr.Core;

/// <summary>Settings of the Adam optimiser (Kingma and Ba, 2015).</summary>
public sealed record AdamOptions
{
    /// <summary>Learning rate before the schedule's factor, greater than 0.</summary>
    /// <value>The default value is 1e-3, that of TCLR.</value>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Decay of the mean gradient, in [0, 1).</summary>
    /// <value>The default value is 0.9.</value>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the mean squared gradient, in [0, 1).</summary>
    /// <value>The default value is 0.999.</value>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the divisor, greater than 0.</summary>
    /// <value>The default value is 1e-8.</value>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Factor of a weight that is added to its gradient (L2), 0 or more.</summary>
    /// <value>The default value is 1e-9, that of TCLR's reference.</value>
    public double WeightDecay { get; init; } = 1e-9;

    internal IEnumerable<string> Problems()
    {
        if (!(LearningRate > 0) || double.IsInfinity(LearningRate))
        {
            yield return $"AdamOptions.LearningRate: expected a number greater than 0, got {LearningRate}";
        }

        if (Beta1 is not (>= 0 and < 1) || Beta2 is not (>= 0 and < 1))
        {
            yield return $"AdamOptions.Beta1 and Beta2: expected numbers in [0, 1), got {Beta1} and {Beta2}";
        }

        if (!(Epsilon > 0))
        {
            yield return $"AdamOptions.Epsilon: expected a number greater than 0, got {Epsilon}";
        }

        if (!(WeightDecay >= 0))
        {
            yield return $"AdamOptions.WeightDecay: expected 0 or more, got {WeightDecay}";
        }
    }
}
