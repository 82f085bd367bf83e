using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Stochastic gradient descent with momentum, as DualVar and CVRL use it.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>Creates the settings.</summary>
    public SgdOptions()
        : base(learningRate: 3e-3, weightDecay: 1e-4)
    {
    }

    /// <summary>How much of the last step goes on.</summary>
    /// <value>In [0, 1). The default value is 0.9.</value>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether the gradient is looked at after the momentum's step (Nesterov); needs momentum.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Nesterov { get; init; }

    internal override OptimizerHelper Create(IReadOnlyList<(IReadOnlyList<Parameter> Parameters, double WeightDecay)> groups)
        => optim.SGD(
            groups.Select(group => new SGD.ParamGroup(group.Parameters, LearningRate, Momentum, 0, group.WeightDecay, Nesterov)),
            LearningRate, Momentum, 0, WeightDecay, Nesterov);

    internal override IEnumerable<string> Problems()
    {
        foreach (string problem in base.Problems())
        {
            yield return problem;
        }

        if (!IsDecay(Momentum))
        {
            yield return FormattableString.Invariant($"{nameof(SgdOptions)}.{nameof(Momentum)}: expected a number in [0, 1), got {Momentum}");
        }

        if (Nesterov && Momentum == 0)
        {
            yield return $"{nameof(SgdOptions)}.{nameof(Nesterov)}: needs momentum above 0";
        }
    }
}
