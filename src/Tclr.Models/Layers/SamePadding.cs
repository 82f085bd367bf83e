using static TorchSharp.torch;

namespace Tclr.Models.Layers;

/// <summary>TensorFlow's <c>SAME</c> padding: zeros for an output of <c>ceil(size / stride)</c>; an odd one is added at the end.</summary>
/// <param name="kernel">Size of the window over time and over space.</param>
/// <param name="stride">Stride over time and over space.</param>
internal sealed class SamePadding((int Temporal, int Spatial) kernel, (int Temporal, int Spatial) stride) : nn.Module<Tensor, Tensor>(nameof(SamePadding))
{
    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        long[] shape = input.shape;
        var (front, back) = Amount(shape[2], kernel.Temporal, stride.Temporal);
        var (top, bottom) = Amount(shape[3], kernel.Spatial, stride.Spatial);
        var (left, right) = Amount(shape[4], kernel.Spatial, stride.Spatial);
        return nn.functional.pad(input, [left, right, top, bottom, front, back], TorchSharp.PaddingModes.Constant, 0);
    }

    private static (long Before, long After) Amount(long size, int kernel, int stride)
    {
        long windows = (size + stride - 1) / stride;
        long total = Math.Max(((windows - 1) * stride) + kernel - size, 0);
        return (total / 2, total - (total / 2));
    }
}
