using TorchSharp;
using static TorchSharp.torch;

namespace Tclr.Losses.Kernels;

/// <summary>Chooses between the kernels.</summary>
internal static class KernelChoice
{
    /// <summary>Whether the fused kernel is to be used.</summary>
    /// <param name="kernel">What was asked for.</param>
    /// <param name="input">One of the inputs, which are all on one device.</param>
    /// <param name="reduction">What is to come out.</param>
    /// <param name="function">Whose arguments they are.</param>
    /// <exception cref="ArgumentException">The fused kernel was asked for where it cannot be.</exception>
    public static bool IsFused(LossKernel kernel, Tensor input, nn.Reduction reduction, string function)
    {
        bool possible = input.device_type == DeviceType.CPU && reduction != nn.Reduction.None;
        return kernel switch
        {
            LossKernel.Automatic => possible,
            LossKernel.Batched => false,
            LossKernel.Fused when possible => true,
            LossKernel.Fused => throw new ArgumentException(
                $"{function}: expected embeddings on the CPU and a mean or a sum for {nameof(LossKernel)}.{nameof(LossKernel.Fused)}, got {input.device} and {reduction}: choose {nameof(LossKernel)}.{nameof(LossKernel.Automatic)}",
                nameof(kernel)),
            _ => throw new ArgumentOutOfRangeException(nameof(kernel), kernel, $"{function}: expected a {nameof(LossKernel)}"),
        };
    }
}
