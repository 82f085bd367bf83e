using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Models.Layers;

/// <summary>Two 3x3x3 convolutions around a shortcut; the first one may change width and size.</summary>
/// <remarks>Data: <c>conv1 - BN - ReLU - conv2 - BN - (+ shortcut) - ReLU</c>. The fields' names are the keys of the weights.</remarks>
internal sealed class ResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly Sequential conv1;
    private readonly Sequential conv2;
    private readonly Sequential? downsample;

    /// <summary>Creates a block.</summary>
    /// <param name="inputs">Channels in.</param>
    /// <param name="outputs">Channels out.</param>
    /// <param name="stride">Stride over time and over space.</param>
    /// <param name="initialization">What the kernels start from.</param>
    public ResidualBlock(int inputs, int outputs, (int Temporal, int Spatial) stride, ConvolutionInitialization initialization)
        : base(nameof(ResidualBlock))
    {
        conv1 = Convolutions.Normalised(inputs, outputs, kernel: (3, 3), stride, initialization);
        conv2 = Convolutions.Normalised(outputs, outputs, kernel: (3, 3), stride: (1, 1), initialization);
        if (inputs != outputs || stride != (1, 1))
        {
            downsample = Convolutions.Normalised(inputs, outputs, kernel: (1, 1), stride, initialization);
        }

        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();

        // In place where batch normalisation made a fresh tensor that its own gradient does not need.
        var branch = conv2.call(conv1.call(input).relu_());
        var shortcut = downsample is null ? input : downsample.call(input);
        return branch.add_(shortcut).relu_().MoveToOuterDisposeScope();
    }
}
