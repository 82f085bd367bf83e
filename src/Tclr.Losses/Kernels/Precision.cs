using static TorchSharp.torch;

namespace Tclr.Losses.Kernels;

/// <summary>The number types that losses are computed in.</summary>
internal static class Precision
{
    /// <summary>Raises half precision to single: <c>exp(1 / 0.07)</c> does not fit float16, and bfloat16 keeps two digits.</summary>
    public static Tensor AtLeastSingle(Tensor tensor)
        => tensor.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? tensor.to(ScalarType.Float32) : tensor;
}
