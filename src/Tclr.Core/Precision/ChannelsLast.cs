using static TorchSharp.torch;

namespace Tclr.Core;

/// <summary>Stores the weights of 3D convolutions channels last.</summary>
/// <remarks>
/// cuDNN's kernels for tensor cores compute channels last; with weights in that layout, activations stay in it from layer to layer and
/// are not transposed for each convolution (docs/benchmarks/gpu.md). Shapes, names and values are unchanged.
/// </remarks>
internal static class ChannelsLast
{
    /// <summary>Changes the layout of the parameters <c>[O, I, T, H, W]</c>; leaves others alone.</summary>
    public static void Apply(IEnumerable<Tensor> parameters)
    {
        using var unrecorded = no_grad();
        using var scope = NewDisposeScope();
        foreach (var parameter in parameters)
        {
            if (parameter.dim() == 5)
            {
                parameter.set_(parameter.permute(0, 2, 3, 4, 1).contiguous().permute(0, 4, 1, 2, 3));
            }
        }
    }
}
