using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Kernels;

/// <summary>Chooses the kernel and the precision that a loss is computed with.</summary>
internal static class KernelChoice
{
    /// <summary>Whether to use the fused kernel.</summary>
    /// <param name="kernel">The kernel that was asked for.</param>
    /// <param name="input">One of the inputs; all are on one device.</param>
    /// <param name="reduction">The reduction that was asked for.</param>
    /// <param name="caller">The function or module, for messages.</param>
    /// <exception cref="ArgumentException">The fused kernel was asked for where it does not apply.</exception>
    public static bool IsFused(LossKernel kernel, Tensor input, nn.Reduction reduction, string caller)
    {
        bool possible = input.device_type == DeviceType.CPU && reduction != nn.Reduction.None;
        return kernel switch
        {
            LossKernel.Automatic => possible,
            LossKernel.Batched => false,
            LossKernel.Fused when possible => true,
            LossKernel.Fused => throw new ArgumentException(
                $"{caller}: {nameof(LossKernel)}.{nameof(LossKernel.Fused)} needs embeddings on the CPU and a mean or a sum, got {input.device} and {reduction}: choose {nameof(LossKernel)}.{nameof(LossKernel.Automatic)}",
                nameof(kernel)),
            _ => throw new ArgumentOutOfRangeException(nameof(kernel), kernel, $"{caller}: expected a {nameof(LossKernel)}"),
        };
    }

    /// <summary>Converts half precision to float32: <c>exp(1 / 0.07)</c> overflows float16, and bfloat16 has two significant digits.</summary>
    public static Tensor AtLeastSingle(Tensor tensor)
        => tensor.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? tensor.to(ScalarType.Float32) : tensor;
}
