using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Models.Layers;

/// <summary>The convolutions that residual video networks are made of.</summary>
internal static class Convolutions
{
    /// <summary>A convolution without bias that keeps the size at stride 1, then batch normalisation.</summary>
    /// <param name="inputs">Channels in.</param>
    /// <param name="outputs">Channels out.</param>
    /// <param name="kernel">Size over time and over space, odd.</param>
    /// <param name="stride">Stride over time and over space.</param>
    /// <param name="initialization">What the kernel starts from.</param>
    /// <returns>The two layers, named <c>0</c> and <c>1</c>; the caller owns them.</returns>
    public static Sequential Normalised(
        int inputs, int outputs, (int Temporal, int Spatial) kernel, (int Temporal, int Spatial) stride, ConvolutionInitialization initialization)
    {
        var convolution = nn.Conv3d(
            inputs,
            outputs,
            (kernel.Temporal, kernel.Spatial, kernel.Spatial),
            stride: (stride.Temporal, stride.Spatial, stride.Spatial),
            padding: (kernel.Temporal / 2, kernel.Spatial / 2, kernel.Spatial / 2),
            bias: false);

        // The other initialisation is what a new convolution comes with.
        if (initialization == ConvolutionInitialization.KaimingNormal)
        {
            using var unrecorded = no_grad();
            nn.init.kaiming_normal_(convolution.weight, 0, nn.init.FanInOut.FanOut, nn.init.NonlinearityType.ReLU);
        }

        return nn.Sequential(convolution, nn.BatchNorm3d(outputs));
    }
}
