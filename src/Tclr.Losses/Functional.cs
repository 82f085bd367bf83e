using Tclr.Losses.Kernels.Fused;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>The losses as pure functions of embeddings.</summary>
/// <remarks>
/// <para>Rows are expected to have unit length: similarity is the plain dot product. The caller normalises them.</para>
/// <para>
/// Float64 and float32 inputs are computed in their own precision; float16 and bfloat16 are raised to float32 inside, and
/// the value is float32. Gradients come back in the type of the input.
/// </para>
/// <para>
/// A mean or a sum on the CPU is computed with its gradient in one sweep, see <see cref="LossKernel.Fused"/>; anything else
/// by operators of torch, see <see cref="LossKernel.Batched"/>.
/// </para>
/// <para>Inputs stay with the caller; the returned tensor is the caller's to dispose.</para>
/// </remarks>
public static partial class Functional
{
    private static Tensor Reduce(Tensor values, nn.Reduction reduction) => reduction switch
    {
        nn.Reduction.None => values,
        nn.Reduction.Mean => values.mean(),
        nn.Reduction.Sum => values.sum(),
        _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "expected None, Mean or Sum"),
    };

    // The terms of all anchors against all other views, each times a weight, on the fused kernel.
    private static Tensor Views(Tensor views, double temperature, double weight)
    {
        var input = FusedInput.Of(views);
        int v = (int)views.shape[0], n = checked((int)views.shape[1]);
        return FusedInput.Scalar(ViewPanels.Sum(input, new ViewProblem(v, n, v, temperature, weight)).Views * weight, input);
    }
}
