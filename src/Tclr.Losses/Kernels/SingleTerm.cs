using Tclr.Core;
using static TorchSharp.torch;

namespace Tclr.Losses.Kernels;

/// <summary>The result of a loss that is one term.</summary>
internal static class SingleTerm
{
    /// <summary>Computes the term and makes the result; whatever else is computed is released.</summary>
    public static LossResult Of(string name, Func<Tensor> compute)
    {
        using var scope = NewDisposeScope();
        var value = compute();
        return new LossResult(value.MoveToOuterDisposeScope(), [new LossTerm(name, value.detach().MoveToOuterDisposeScope())]);
    }
}
