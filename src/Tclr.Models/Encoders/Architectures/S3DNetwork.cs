using Tclr.Models.Layers;
using static TorchSharp.torch;

namespace Tclr.Models.Architectures;

/// <summary>S3D and S3D-G: Inception with factorized convolutions, without or with self-gating after each branch.</summary>
/// <remarks>
/// Source: Xie et al., "Rethinking Spatiotemporal Feature Learning" (2018), as DualVar has it. Keys: <c>Conv_1a.conv1</c>,
/// <c>Mixed_3b.branch0.0.conv</c>, <c>Mixed_3b.gating_b0.fc</c>.
/// </remarks>
internal static class S3DNetwork
{
    public static VideoEncoder S3D(VideoEncoderOptions? options) => Build(nameof(S3D), options, gated: false);

    public static VideoEncoder S3DG(VideoEncoderOptions? options) => Build(nameof(S3DG), options, gated: true);

    private static VideoEncoder Build(string name, VideoEncoderOptions? options, bool gated)
    {
        var plan = new EncoderPlan(name, options, [], timesteps: 2, ConvolutionInitialization.Uniform);
        int narrow = plan.Width(64), width = plan.Width(192);
        int first = plan.TemporalStride(0), second = plan.TemporalStride(1), third = plan.TemporalStride(2);
        plan.Add("Conv_1a", Factorized(plan, plan.InputChannels, narrow, kernel: 7, (first, 2)), first, 2);
        Pool((1, 3), (1, 2));
        plan.Add("Conv_2b", Pointwise(plan, narrow, narrow));
        plan.Add("Conv_2c", Factorized(plan, narrow, width, kernel: 3, (1, 1)));
        Pool((1, 3), (1, 2));
        Mix("3b", 64, 96, 128, 16, 32, 32);
        Mix("3c", 128, 128, 192, 32, 96, 64);
        Pool((3, 3), (second, 2));
        Mix("4b", 192, 96, 208, 16, 48, 64);
        Mix("4c", 160, 112, 224, 24, 64, 64);
        Mix("4d", 128, 128, 256, 24, 64, 64);
        Mix("4e", 112, 144, 288, 32, 64, 64);
        Mix("4f", 256, 160, 320, 32, 128, 128);
        plan.Add(null, nn.MaxPool3d((third, 2, 2), (third, 2, 2)), third, 2, floors: true);
        Mix("5b", 256, 160, 320, 32, 128, 128);
        Mix("5c", 384, 192, 384, 48, 128, 128);
        return plan.Build(width);

        void Pool((int Temporal, int Spatial) kernel, (int Temporal, int Spatial) stride)
            => plan.Add(null, MaxPool(kernel, stride), stride.Temporal, stride.Spatial);

        // Output channels of the four branches; toFirst and toSecond are those of the 1x1x1 convolutions before the 3x3x3 ones.
        void Mix(string number, int point, int toFirst, int first, int toSecond, int second, int pooled)
        {
            int[] widths = [plan.Width(point), plan.Width(first), plan.Width(second), plan.Width(pooled)];
            int[] narrows = [plan.Width(toFirst), plan.Width(toSecond)];
            nn.Module<Tensor, Tensor>[] branches =
            [
                new Chain(("0", Pointwise(plan, width, widths[0]))),
                new Chain(("0", Pointwise(plan, width, narrows[0])), ("1", Factorized(plan, narrows[0], widths[1], kernel: 3, (1, 1)))),
                new Chain(("0", Pointwise(plan, width, narrows[1])), ("1", Factorized(plan, narrows[1], widths[2], kernel: 3, (1, 1)))),
                new Chain((null, MaxPool((3, 3), (1, 1))), ("1", Pointwise(plan, width, widths[3]))),
            ];
            plan.Add("Mixed_" + number, new Branches([.. branches.Select((branch, i) => Branch(branch, i, widths[i]))]));
            width = widths.Sum();
        }

        IReadOnlyList<Layer> Branch(nn.Module<Tensor, Tensor> branch, int i, int channels)
        {
            Layer layers = (FormattableString.Invariant($"branch{i}"), branch);
            return gated ? [layers, (FormattableString.Invariant($"gating_b{i}"), new SelfGate(channels))] : [layers];
        }
    }

    private static nn.Module<Tensor, Tensor> MaxPool((int Temporal, int Spatial) kernel, (int Temporal, int Spatial) stride)
        => nn.MaxPool3d(
            (kernel.Temporal, kernel.Spatial, kernel.Spatial),
            (stride.Temporal, stride.Spatial, stride.Spatial),
            (kernel.Temporal / 2, kernel.Spatial / 2, kernel.Spatial / 2));

    private static Chain Pointwise(EncoderPlan plan, int inputs, int outputs)
        => new(("conv", plan.Convolution(inputs, outputs, (1, 1))), ("bn", nn.BatchNorm3d(outputs)), (null, nn.ReLU(inplace: true)));

    private static Chain Factorized(EncoderPlan plan, int inputs, int outputs, int kernel, (int Temporal, int Spatial) stride)
    {
        Layer conv1 = ("conv1", plan.Convolution(inputs, outputs, (1, kernel), (1, stride.Spatial)));
        Layer conv2 = ("conv2", plan.Convolution(outputs, outputs, (kernel, 1), (stride.Temporal, 1)));
        Layer bn1 = ("bn1", nn.BatchNorm3d(outputs)), bn2 = ("bn2", nn.BatchNorm3d(outputs)), relu = (null, nn.ReLU(inplace: true));
        return new Chain(layers: [conv1, bn1, relu, conv2, bn2, relu], weights: [conv1, conv2, bn1, bn2]);
    }
}
