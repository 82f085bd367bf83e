using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Adam (Kingma and Ba, 2015), with L2 weight decay as in the TCLR authors' code.</summary>
public record AdamOptions : OptimizerOptions
{
    /// <summary>Creates the settings.</summary>
    public AdamOptions()
        : this(weightDecay: 1e-9)
    {
    }

    private protected AdamOptions(double weightDecay)
        : base(learningRate: 1e-3, weightDecay)
    {
    }

    /// <summary>Decay rate of the first-moment estimate.</summary>
    /// <value>In [0, 1). The default value is 0.9.</value>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay rate of the second-moment estimate.</summary>
    /// <value>In [0, 1). The default value is 0.999.</value>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the denominator for numerical stability.</summary>
    /// <value>Greater than 0. The default value is 1e-8.</value>
    public double Epsilon { get; init; } = 1e-8;

    /// <inheritdoc/>
    protected override OptimizerHelper CreateCore(IReadOnlyList<ParameterGroup> groups)
        => optim.Adam(
            groups.Select(group => new Adam.ParamGroup(group.Parameters, LearningRate, Beta1, Beta2, Epsilon, group.WeightDecay)),
            LearningRate, Beta1, Beta2, Epsilon, WeightDecay);

    internal override void Check(OptionChecker check)
    {
        base.Check(check);
        check.Require(Beta1 is >= 0 and < 1, Beta1, "a number in [0, 1)", Name(nameof(Beta1)));
        check.Require(Beta2 is >= 0 and < 1, Beta2, "a number in [0, 1)", Name(nameof(Beta2)));
        check.Positive(Epsilon, Name(nameof(Epsilon)));
    }
}

/// <summary>AdamW (Loshchilov and Hutter, 2019): Adam with decoupled weight decay.</summary>
public sealed record AdamWOptions : AdamOptions
{
    /// <summary>Creates the settings.</summary>
    public AdamWOptions()
        : base(weightDecay: 1e-2)
    {
    }

    /// <inheritdoc/>
    protected override OptimizerHelper CreateCore(IReadOnlyList<ParameterGroup> groups)
        => optim.AdamW(
            groups.Select(group => new AdamW.ParamGroup(group.Parameters, LearningRate, Beta1, Beta2, Epsilon, group.WeightDecay)),
            LearningRate, Beta1, Beta2, Epsilon, WeightDecay);
}
