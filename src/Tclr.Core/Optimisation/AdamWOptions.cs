using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>AdamW (Loshchilov and Hutter, 2019): Adam with weight decay apart from the gradient.</summary>
public sealed record AdamWOptions : AdamFamilyOptions
{
    /// <summary>Creates the settings.</summary>
    public AdamWOptions()
        : base(weightDecay: 1e-2)
    {
    }

    internal override OptimizerHelper Create(IReadOnlyList<(IReadOnlyList<Parameter> Parameters, double WeightDecay)> groups)
        => optim.AdamW(
            groups.Select(group => new AdamW.ParamGroup(group.Parameters, LearningRate, Beta1, Beta2, Epsilon, group.WeightDecay)),
            LearningRate, Beta1, Beta2, Epsilon, WeightDecay);
}
