using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Adam (Kingma and Ba, 2015); weight decay is added to the gradient (L2), as in the authors' code of TCLR.</summary>
public sealed record AdamOptions : AdamFamilyOptions
{
    /// <summary>Creates the settings.</summary>
    public AdamOptions()
        : base(weightDecay: 1e-9)
    {
    }

    internal override OptimizerHelper Create(IReadOnlyList<(IReadOnlyList<Parameter> Parameters, double WeightDecay)> groups)
        => optim.Adam(
            groups.Select(group => new Adam.ParamGroup(group.Parameters, LearningRate, Beta1, Beta2, Epsilon, group.WeightDecay)),
            LearningRate, Beta1, Beta2, Epsilon, WeightDecay);
}
