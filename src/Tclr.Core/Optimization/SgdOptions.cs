using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Stochastic gradient descent with momentum, as in DualVar and CVRL.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>Creates the settings.</summary>
    public SgdOptions()
        : base(learningRate: 3e-3, weightDecay: 1e-4)
    {
    }

    /// <summary>Momentum factor.</summary>
    /// <value>In [0, 1). The default value is 0.9.</value>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether to use Nesterov momentum; needs <see cref="Momentum"/> above 0.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Nesterov { get; init; }

    /// <inheritdoc/>
    protected override OptimizerHelper CreateCore(IReadOnlyList<ParameterGroup> groups)
        => optim.SGD(
            groups.Select(group => new SGD.ParamGroup(group.Parameters, LearningRate, Momentum, 0, group.WeightDecay, Nesterov)),
            LearningRate, Momentum, 0, WeightDecay, Nesterov);

    internal override void Check(OptionChecker check)
    {
        base.Check(check);
        check.Require(Momentum is >= 0 and < 1, Momentum, "a number in [0, 1)", Name(nameof(Momentum)));
        check.Require(!Nesterov || Momentum != 0, Nesterov, "momentum above 0 with it", Name(nameof(Nesterov)));
    }
}
