using Tclr.Models.Layers;
using static TorchSharp.torch;
using Settings = Tclr.Models.VideoEncoderOptions;

namespace Tclr.Models.Architectures;

/// <summary>The R3D and R(2+1)D of VCOP, DualVar and TCLR's smaller variant, with one residual block per stage.</summary>
/// <remarks>
/// Source: Xu et al., "Self-supervised Spatiotemporal Learning via Video Clip Order Prediction" (2019). Keys:
/// <c>conv1.temporal_spatial_conv</c>, <c>conv2.block1.conv1</c>, and <c>conv2.blocks.0</c> for a second block.
/// </remarks>
internal static class OneBlockResNet
{
    private static readonly int[] Widths = [64, 128, 256, 512];

    public static VideoEncoder R3D(Settings? options) => Build(nameof(R3D), options, factorized: false);

    public static VideoEncoder R2Plus1D(Settings? options) => Build(nameof(R2Plus1D), options, factorized: true);

    private static VideoEncoder Build(string name, Settings? options, bool factorized)
    {
        var plan = new EncoderPlan(name, options, [1, 1, 1, 1], timesteps: 2, ConvolutionInitialization.Uniform);
        int width = plan.Width(Widths[0]);
        plan.Add("conv1", Convolution(plan, plan.InputChannels, width, (3, 7), (1, 2), factorized), spatial: 2);
        plan.Add("bn1", nn.BatchNorm3d(width));
        plan.Add(null, nn.ReLU(inplace: true));
        for (int stage = 0; stage < Widths.Length; stage++)
        {
            (int Temporal, int Spatial) stride = stage == 0 ? (1, 1) : (plan.TemporalStride(stage - 1), 2);
            int inputs = width;
            width = plan.Width(Widths[stage]);
            Layer first = ("block1", Block(plan, inputs, width, stride, factorized, dilated: stage > 0 && stride.Temporal == 1));
            nn.Module<Tensor, Tensor>[] others = [.. Enumerable.Range(0, plan.Blocks(stage) - 1).Select(_ => Block(plan, width, width, (1, 1), factorized, dilated: false))];
            Layer[] blocks = others.Length == 0 ? [first] : [first, ("blocks", nn.Sequential(others))];
            plan.Add(FormattableString.Invariant($"conv{stage + 2}"), new Chain(blocks), stride.Temporal, stride.Spatial);
        }

        return plan.Build(width);
    }

    private static ResidualBlock Block(EncoderPlan plan, int inputs, int width, (int Temporal, int Spatial) stride, bool factorized, bool dilated)
    {
        Layer[] shortcut = inputs == width && stride == (1, 1)
            ? []
            : [
                ("downsampleconv", dilated ? plan.Convolution(inputs, width, (1, 1), stride) : Convolution(plan, inputs, width, (1, 1), stride, factorized)),
                ("downsamplebn", nn.BatchNorm3d(width)),
            ];
        Layer[] branch =
        [
            ("conv1", dilated ? plan.Convolution(inputs, width, (3, 3), stride, dilation: 2) : Convolution(plan, inputs, width, (3, 3), stride, factorized)),
            ("bn1", nn.BatchNorm3d(width)),
            (null, nn.ReLU(inplace: true)),
            ("conv2", Convolution(plan, width, width, (3, 3), (1, 1), factorized)),
            ("bn2", nn.BatchNorm3d(width)),
        ];
        return new ResidualBlock(branch, shortcut, shortcutFirst: true);
    }

    private static Chain Convolution(EncoderPlan plan, int inputs, int width, (int Temporal, int Spatial) kernel, (int Temporal, int Spatial) stride, bool factorized)
    {
        if (!factorized)
        {
            return new Chain(("temporal_spatial_conv", plan.Convolution(inputs, width, kernel, stride)));
        }

        // As many weights as the full convolution has.
        int area = kernel.Spatial * kernel.Spatial;
        int middle = kernel.Temporal * area * inputs * width / ((area * inputs) + (kernel.Temporal * width));
        return new Chain(
            ("spatial_conv", plan.Convolution(inputs, middle, (1, kernel.Spatial), (1, stride.Spatial))),
            ("bn", nn.BatchNorm3d(middle)),
            (null, nn.ReLU(inplace: true)),
            ("temporal_conv", plan.Convolution(middle, width, (kernel.Temporal, 1), (stride.Temporal, 1))));
    }
}
