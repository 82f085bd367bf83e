using Tclr.Models.Layers;
using static TorchSharp.torch;
using Settings = Tclr.Models.VideoEncoderOptions;

namespace Tclr.Models.Architectures;

/// <summary>torchvision's 18-layer video ResNets, and the small encoder of the demo.</summary>
/// <remarks>
/// A stem, then stages of residual blocks of two convolutions. Source: Tran et al., "A Closer Look at Spatiotemporal
/// Convolutions for Action Recognition" (2018). Keys: <c>stem.0</c>, <c>layer1.0.conv1.0</c>, <c>layer2.0.downsample.0</c>.
/// </remarks>
internal static class VideoResNet
{
    private static readonly int[] TwoPerStage = [2, 2, 2, 2];
    private static readonly int[] Widths = [64, 128, 256, 512];

    /// <summary>The convolutions of a stage.</summary>
    private enum Kind
    {
        /// <summary>3x3x3.</summary>
        Full,

        /// <summary>1x3x3, then 3x1x1.</summary>
        Factorized,

        /// <summary>1x3x3.</summary>
        Spatial,
    }

    public static VideoEncoder R3D18(Settings? options)
        => Build(new EncoderPlan(nameof(R3D18), options, TwoPerStage, timesteps: 4, ConvolutionInitialization.KaimingNormal), [Kind.Full, Kind.Full, Kind.Full, Kind.Full]);

    public static VideoEncoder R2Plus1D18(Settings? options)
    {
        var plan = new EncoderPlan(nameof(R2Plus1D18), options, TwoPerStage, timesteps: 4, ConvolutionInitialization.KaimingNormal);
        return Build(plan, [Kind.Factorized, Kind.Factorized, Kind.Factorized, Kind.Factorized]);
    }

    public static VideoEncoder MC3_18(Settings? options)
    {
        var plan = new EncoderPlan("MC3_18", options, TwoPerStage, timesteps: 16, ConvolutionInitialization.KaimingNormal);
        return Build(plan, [Kind.Full, Kind.Spatial, Kind.Spatial, Kind.Spatial]);
    }

    public static VideoEncoder SmallR3D(Settings? options)
    {
        // With batch normalization, smaller initial weights learn faster in few steps.
        var plan = new EncoderPlan(nameof(SmallR3D), options, [1, 1, 1], timesteps: 8, ConvolutionInitialization.Uniform);
        int stem = plan.Width(8), width = stem;
        plan.Add("stem", Normalized(plan.Convolution(plan.InputChannels, stem, (3, 3), (1, 2)), stem, rectified: true), spatial: 2);
        (int Width, int Stride)[] stages = [(16, 2), (32, 2), (64, 1)];
        for (int stage = 0; stage < stages.Length; stage++)
        {
            // Only the first stage of the original halves time.
            var stride = (plan.TemporalStride(stage), stages[stage].Stride);
            width = AddStage(plan, stage, width, plan.Width(stages[stage].Width), stride, Kind.Full, halves: stage == 0);
        }

        return plan.Build(width);
    }

    private static VideoEncoder Build(EncoderPlan plan, IReadOnlyList<Kind> kinds)
    {
        int width = plan.Width(Widths[0]);
        plan.Add("stem", kinds[0] == Kind.Factorized ? FactorizedStem(plan, width) : Normalized(plan.Convolution(plan.InputChannels, width, (3, 7), (1, 2)), width, rectified: true), spatial: 2);
        for (int stage = 0; stage < Widths.Length; stage++)
        {
            // The first stage keeps the size; the others halve space and, if they convolve over time, time.
            var stride = stage == 0 ? (1, 1) : (plan.TemporalStride(stage - 1), 2);
            bool halves = stage > 0 && kinds[stage] != Kind.Spatial;
            width = AddStage(plan, stage, width, plan.Width(Widths[stage]), stride, kinds[stage], halves);
        }

        return plan.Build(width);
    }

    private static int AddStage(EncoderPlan plan, int stage, int inputs, int width, (int Temporal, int Spatial) stride, Kind kind, bool halves)
    {
        var blocks = new nn.Module<Tensor, Tensor>[plan.Blocks(stage)];
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i] = i == 0
                ? Block(plan, inputs, width, stride, kind, dilated: halves && stride.Temporal == 1)
                : Block(plan, width, width, (1, 1), kind, dilated: false);
        }

        plan.Add(FormattableString.Invariant($"layer{stage + 1}"), nn.Sequential(blocks), stride.Temporal, stride.Spatial);
        return width;
    }

    private static ResidualBlock Block(EncoderPlan plan, int inputs, int width, (int Temporal, int Spatial) stride, Kind kind, bool dilated)
    {
        // TCLR replaces the original's convolution and shortcut by a dilated 3x3x3 convolution and a new shortcut, with PyTorch's default initialization.
        ConvolutionInitialization? replaced = dilated ? ConvolutionInitialization.Uniform : null;
        int middle = inputs * width * 27 / ((inputs * 9) + (width * 3));
        var first = dilated
            ? plan.Convolution(inputs, width, (3, 3), stride, dilation: 2, original: replaced)
            : Convolution(plan, inputs, width, middle, stride, kind);
        Layer conv1 = ("conv1", Normalized(first, width, rectified: true));
        Layer conv2 = ("conv2", Normalized(Convolution(plan, width, width, middle, (1, 1), kind), width, rectified: false));
        bool same = inputs == width && stride == (1, 1);
        return new ResidualBlock(
            [conv1, conv2],
            same ? [] : [("downsample", Normalized(plan.Convolution(inputs, width, (1, 1), stride, original: replaced), width, rectified: false))]);
    }

    private static nn.Module<Tensor, Tensor> Convolution(EncoderPlan plan, int inputs, int width, int middle, (int Temporal, int Spatial) stride, Kind kind) => kind switch
    {
        Kind.Factorized => new Chain(
            ("0", plan.Convolution(inputs, middle, (1, 3), (1, stride.Spatial))),
            ("1", nn.BatchNorm3d(middle)),
            (null, nn.ReLU(inplace: true)),
            ("3", plan.Convolution(middle, width, (3, 1), (stride.Temporal, 1)))),
        Kind.Spatial => plan.Convolution(inputs, width, (1, 3), stride),
        _ => plan.Convolution(inputs, width, (3, 3), stride),
    };

    private static Chain FactorizedStem(EncoderPlan plan, int width)
    {
        int middle = plan.Width(45);
        return new Chain(
            ("0", plan.Convolution(plan.InputChannels, middle, (1, 7), (1, 2))),
            ("1", nn.BatchNorm3d(middle)),
            (null, nn.ReLU(inplace: true)),
            ("3", plan.Convolution(middle, width, (3, 1))),
            ("4", nn.BatchNorm3d(width)),
            (null, nn.ReLU(inplace: true)));
    }

    private static Chain Normalized(nn.Module<Tensor, Tensor> convolution, int width, bool rectified)
        => new([("0", convolution), ("1", nn.BatchNorm3d(width)), .. rectified ? (Layer[])[(null, nn.ReLU(inplace: true))] : []]);
}
