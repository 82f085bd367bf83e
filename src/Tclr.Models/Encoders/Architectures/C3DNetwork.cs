using static TorchSharp.torch;

namespace Tclr.Models.Architectures;

/// <summary>C3D: eight 3x3x3 convolutions with biases and batch normalization, four max-poolings, no classifier.</summary>
/// <remarks>
/// Source: Tran et al., "Learning Spatiotemporal Features with 3D Convolutional Networks" (2015), as DualVar has it.
/// Keys: <c>conv1</c>, <c>bn1</c>, <c>conv2</c>, <c>conv3a</c> and so on.
/// </remarks>
internal static class C3DNetwork
{
    public static VideoEncoder C3D(VideoEncoderOptions? options)
    {
        var plan = new EncoderPlan(nameof(C3D), options, [], timesteps: 2, ConvolutionInitialization.Uniform);
        int width = plan.InputChannels;
        Convolve("1", 64);
        Pool(temporal: 1);
        Convolve("2", 128);
        Pool(plan.TemporalStride(0));
        Convolve("3a", 256);
        Convolve("3b", 256);
        Pool(plan.TemporalStride(1));
        Convolve("4a", 512);
        Convolve("4b", 512);
        Pool(plan.TemporalStride(2));
        Convolve("5a", 512);
        Convolve("5b", 512);
        return plan.Build(width);

        void Convolve(string number, int original)
        {
            int outputs = plan.Width(original);
            plan.Add("conv" + number, plan.Convolution(width, outputs, (3, 3), bias: true));
            plan.Add("bn" + number, nn.BatchNorm3d(outputs));
            plan.Add(null, nn.ReLU(inplace: true));
            width = outputs;
        }

        void Pool(int temporal) => plan.Add(null, nn.MaxPool3d((temporal, 2, 2), (temporal, 2, 2)), temporal, 2, floors: true);
    }
}
