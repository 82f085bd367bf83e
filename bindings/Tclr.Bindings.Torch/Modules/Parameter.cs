using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A tensor that is trained.</summary>
public class Parameter : Tensor
{
    /// <summary>Makes a parameter of a tensor, which is empty afterwards.</summary>
    /// <param name="data">The values; the parameter takes them over.</param>
    /// <param name="requires_grad">Whether to record gradients.</param>
    public Parameter(Tensor data, bool requires_grad = true)
        : base(TakeOver(data, requires_grad))
    {
    }

    private static nint TakeOver(Tensor data, bool requiresGrad)
    {
        ArgumentNullException.ThrowIfNull(data);
        using var leaf = data.detach();
        data.Dispose();
        leaf.requires_grad = requiresGrad;
        return leaf.Release();
    }
}
