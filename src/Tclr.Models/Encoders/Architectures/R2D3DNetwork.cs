using Tclr.Models.Layers;
using static TorchSharp.torch;

namespace Tclr.Models.Architectures;

/// <summary>DualVar's <c>r2d3d18</c>: a ResNet-18 of 1x3x3 convolutions, the last stage 256 wide and without the last ReLU.</summary>
/// <remarks>Keys: <c>conv1</c>, <c>bn1</c>, <c>layer1.0.conv1</c>, <c>layer2.0.downsample.0</c>.</remarks>
internal static class R2D3DNetwork
{
    private static readonly int[] Widths = [64, 128, 256, 256];

    public static VideoEncoder R2D3D18(VideoEncoderOptions? options)
    {
        var plan = new EncoderPlan(nameof(R2D3D18), options, [2, 2, 2, 2], timesteps: 16, ConvolutionInitialization.KaimingNormal);
        int width = plan.Width(Widths[0]);
        plan.Add("conv1", plan.Convolution(plan.InputChannels, width, (1, 7), (1, 2)), spatial: 2);
        plan.Add("bn1", nn.BatchNorm3d(width));
        plan.Add(null, nn.ReLU(inplace: true));
        plan.Add(null, nn.MaxPool3d((1, 3, 3), (1, 2, 2), (0, 1, 1)), spatial: 2);
        for (int stage = 0; stage < Widths.Length; stage++)
        {
            (int Temporal, int Spatial) stride = stage == 0 ? (1, 1) : (plan.TemporalStride(stage - 1), 2);
            int count = plan.Blocks(stage);
            var blocks = new nn.Module<Tensor, Tensor>[count];
            for (int i = 0; i < count; i++)
            {
                bool rectified = stage < Widths.Length - 1 || i < count - 1;
                int inputs = width;
                width = plan.Width(Widths[stage]);
                blocks[i] = Block(plan, inputs, width, i == 0 ? stride : (1, 1), rectified);
            }

            plan.Add(FormattableString.Invariant($"layer{stage + 1}"), nn.Sequential(blocks), stride.Temporal, stride.Spatial);
        }

        return plan.Build(width);
    }

    private static ResidualBlock Block(EncoderPlan plan, int inputs, int width, (int Temporal, int Spatial) stride, bool rectified)
    {
        Layer[] branch =
        [
            ("conv1", plan.Convolution(inputs, width, (1, 3), stride)),
            ("bn1", nn.BatchNorm3d(width)),
            (null, nn.ReLU(inplace: true)),
            ("conv2", plan.Convolution(width, width, (1, 3))),
            ("bn2", nn.BatchNorm3d(width)),
        ];
        Layer[] shortcut = inputs == width && stride == (1, 1)
            ? []
            : [("downsample", nn.Sequential(plan.Convolution(inputs, width, (1, 1), stride), nn.BatchNorm3d(width)))];
        return new ResidualBlock(branch, shortcut, rectified: rectified);
    }
}
