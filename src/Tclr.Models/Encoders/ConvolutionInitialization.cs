namespace Tclr.Models;

/// <summary>Initialization of convolution kernels.</summary>
public enum ConvolutionInitialization
{
    /// <summary>Normal values with variance <c>2 / fan_out</c> (He et al., 2015): torchvision's video ResNets.</summary>
    KaimingNormal,

    /// <summary>Uniform values within <c>1 / sqrt(fan_in)</c>: PyTorch's default.</summary>
    Uniform,

    /// <summary>Normal values with variance <c>1 / fan_in</c>, truncated at two standard deviations: CVRL.</summary>
    TruncatedNormal,
}
