using Tclr.Losses.Kernels.Fused;
using static TorchSharp.torch;

namespace Tclr.Losses;

/// <summary>The losses as pure functions of embeddings.</summary>
/// <remarks>
/// <para>Rows must have unit length: the similarity is the dot product. Normalize them with <c>torch.nn.functional.normalize</c>.</para>
/// <para>
/// Float64 and float32 inputs are computed in their own precision. Float16 and bfloat16 inputs are converted to float32, and
/// the loss is float32. Gradients have the type of the input.
/// </para>
/// <para>
/// A mean or a sum on the CPU is computed together with its gradient, see <see cref="LossKernel.Fused"/>; everything else
/// is computed by operators of torch, see <see cref="LossKernel.Batched"/>.
/// </para>
/// <para>The caller owns the inputs and the returned tensor.</para>
/// </remarks>
public static partial class Functional
{
    /// <summary>The temperature of TCLR, SimCLR's NT-Xent in TCLR and CVRL; the default of their losses.</summary>
    public const double DefaultTemperature = 0.1;

    private static Tensor Reduce(Tensor values, nn.Reduction reduction) => reduction switch
    {
        nn.Reduction.None => values,
        nn.Reduction.Mean => values.mean(),
        nn.Reduction.Sum => values.sum(),
        _ => throw new ArgumentOutOfRangeException(nameof(reduction), reduction, "expected None, Mean or Sum"),
    };

    // The sum of all anchors' terms against all other views, times a weight, by the fused kernel.
    private static Tensor Views(Tensor views, double temperature, double weight)
    {
        var input = FusedInput.Of(views);
        int v = (int)views.shape[0], n = checked((int)views.shape[1]);
        return FusedInput.Scalar(ViewContrast.Sum(input, new Contrast(v, n, v, temperature, weight)).Views * weight, input);
    }
}
