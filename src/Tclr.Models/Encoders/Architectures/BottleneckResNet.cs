using Tclr.Models.Layers;
using static TorchSharp.torch;

namespace Tclr.Models.Architectures;

/// <summary>CVRL's R3D-50, R3D-101 and R3D-152: bottleneck blocks of a temporal, a spatial and a pointwise convolution.</summary>
/// <remarks>
/// Source: Qian et al., "Spatiotemporal Contrastive Video Representation Learning" (2021), the authors' TensorFlow code with
/// its padding. Keys: <c>stem</c>, <c>bn</c>, <c>layers.0.0.ds.0</c>, <c>layers.0.0.c1</c>, <c>layers.0.0.b1</c>.
/// </remarks>
internal static class BottleneckResNet
{
    private const int Expansion = 4;

    // Width, size of the temporal kernel, stride over space.
    private static readonly (int Width, int Kernel, int Stride)[] Stages = [(64, 1, 1), (128, 1, 2), (256, 3, 2), (512, 3, 2)];

    public static VideoEncoder R3D(string name, VideoEncoderOptions? options, int[] blocks)
    {
        var plan = new EncoderPlan(name, options, blocks, timesteps: 8, ConvolutionInitialization.TruncatedNormal);
        int width = plan.Width(64), first = plan.TemporalStride(0);
        plan.Add(null, new SamePadding((5, 7), (first, 2)));
        plan.Add("stem", plan.Convolution(plan.InputChannels, width, (5, 7), (first, 2), padded: false), first, 2);
        plan.Add("bn", nn.BatchNorm3d(width));
        plan.Add(null, nn.ReLU(inplace: true));

        // After a ReLU, zero padding does not change a maximum.
        plan.Add(null, new SamePadding((1, 3), (1, 2)));
        plan.Add(null, nn.MaxPool3d((1, 3, 3), (1, 2, 2)), spatial: 2);
        var stages = new nn.Module<Tensor, Tensor>[Stages.Length];
        var total = (Temporal: 1, Spatial: 1);
        for (int stage = 0; stage < Stages.Length; stage++)
        {
            int inputs = width, narrow = plan.Width(Stages[stage].Width), kernel = Stages[stage].Kernel;
            width = narrow * Expansion;

            // Only stages with temporal kernels can halve time.
            var stride = (Temporal: kernel > 1 ? plan.TemporalStride(stage - 1) : 1, Spatial: Stages[stage].Stride);
            var blocksOfStage = Enumerable.Range(0, plan.Blocks(stage))
                .Select(i => i == 0 ? Block(plan, inputs, narrow, kernel, stride, projected: true) : Block(plan, width, narrow, kernel, (1, 1), projected: false));
            stages[stage] = nn.Sequential(blocksOfStage.ToArray());
            total = (total.Temporal * stride.Temporal, total.Spatial * stride.Spatial);
        }

        plan.Add("layers", nn.Sequential(stages), total.Temporal, total.Spatial);
        return plan.Build(width);
    }

    private static nn.Module<Tensor, Tensor> Block(EncoderPlan plan, int inputs, int narrow, int kernel, (int Temporal, int Spatial) stride, bool projected)
    {
        int width = narrow * Expansion;
        Layer[] shortcut = projected
            ? [("ds", nn.Sequential(plan.Convolution(inputs, width, (1, 1), stride), nn.BatchNorm3d(width)))]
            : [];

        // At stride 1, SAME padding is symmetric.
        bool strided = stride.Spatial > 1, halvesTime = stride.Temporal > 1;
        Layer[] branch =
        [
            .. halvesTime ? (Layer[])[(null, new SamePadding((kernel, 1), (stride.Temporal, 1)))] : [],
            ("c1", plan.Convolution(inputs, narrow, (kernel, 1), (stride.Temporal, 1), padded: !halvesTime)),
            ("b1", nn.BatchNorm3d(narrow)),
            (null, nn.ReLU(inplace: true)),
            .. strided ? (Layer[])[(null, new SamePadding((1, 3), (1, stride.Spatial)))] : [],
            ("c2", plan.Convolution(narrow, narrow, (1, 3), (1, stride.Spatial), padded: !strided)),
            ("b2", nn.BatchNorm3d(narrow)),
            (null, nn.ReLU(inplace: true)),
            ("c3", plan.Convolution(narrow, width, (1, 1))),
            ("b3", nn.BatchNorm3d(width)),
        ];
        return new ResidualBlock(branch, shortcut, shortcutFirst: true);
    }
}
