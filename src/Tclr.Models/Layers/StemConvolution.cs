using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Models.Layers;

/// <summary>A convolution of few channels, such as colors, which pads them to four where its weights are stored channels last.</summary>
/// <remarks>cuDNN has no kernel for tensor cores with three channels; a fourth one of zeros changes no value (docs/benchmarks/gpu.md).</remarks>
internal sealed class StemConvolution : nn.Module<Tensor, Tensor>
{
    public const int Channels = 4;

    private readonly Parameter weight;
    private readonly Parameter? bias;
    private readonly long[] strides;
    private readonly long[] padding;

    /// <summary>Takes the weights of a convolution.</summary>
    /// <param name="convolution">The convolution, without dilation; it is disposed.</param>
    /// <param name="strides">Its strides.</param>
    /// <param name="padding">Its padding.</param>
    public StemConvolution(Conv3d convolution, long[] strides, long[] padding)
        : base(nameof(StemConvolution))
    {
        (this.strides, this.padding) = (strides, padding);
        weight = Copy(convolution.weight);
        bias = convolution.bias is { } values ? Copy(values) : null;
        convolution.Dispose();
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        long missing = Channels - weight.shape[1];
        if (missing <= 0 || weight.stride(1) != 1)
        {
            return nn.functional.conv3d(input, weight, bias, strides, padding);
        }

        using var scope = NewDisposeScope();
        return nn.functional.conv3d(Padded(input), Padded(weight), bias, strides, padding).MoveToOuterDisposeScope();

        Tensor Padded(Tensor channels) => nn.functional.pad(channels.permute(0, 2, 3, 4, 1), [0, missing], PaddingModes.Constant, 0).permute(0, 4, 1, 2, 3);
    }

    private static Parameter Copy(Parameter values)
    {
        var copy = new Parameter(values.detach().clone());
        copy.DetachFromDisposeScope();
        return copy;
    }
}
