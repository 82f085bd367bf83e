using Tclr.Core;
using Tclr.Models.Architectures;
using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>Creates encoders with random weights. Sizes are those of the default options and clips of 16 frames.</summary>
/// <remarks>Each method throws <see cref="ArgumentException"/> if an option is out of its range; the message lists all mistakes.</remarks>
/// <example><code>
/// using var encoder = VideoEncoders.R3D18();                                      // as in TCLR
/// using var original = VideoEncoders.R3D18(new() { Timesteps = 2 });              // as in torchvision
/// using var wide = VideoEncoders.R3D152(new() { WidthMultiplier = 2 });           // CVRL's largest
/// </code></example>
public static class VideoEncoders
{
    /// <summary>The encoders by name, as in recipes and on the command line. Names ignore case, underscores and hyphens.</summary>
    public static IReadOnlyDictionary<string, Func<VideoEncoderOptions?, VideoEncoder>> All { get; } = new Dictionary<string, Func<VideoEncoderOptions?, VideoEncoder>>(new NameComparer())
    {
        ["r3d18"] = R3D18,
        ["r2plus1d18"] = R2Plus1D18,
        ["mc3_18"] = MC3_18,
        ["c3d"] = C3D,
        ["r3d"] = R3D,
        ["r2plus1d"] = R2Plus1D,
        ["s3d"] = S3D,
        ["s3dg"] = S3DG,
        ["r2d3d18"] = R2D3D18,
        ["r3d50"] = R3D50,
        ["r3d101"] = R3D101,
        ["r3d152"] = R3D152,
        ["small_r3d"] = SmallR3D,
    };

    /// <summary>Adapts any TorchSharp module.</summary>
    /// <remarks>
    /// The module takes clips <c>[N, 3, T, H, W]</c> and returns a feature map <c>[N, C, T', H', W']</c>, features over time
    /// <c>[N, C, T']</c>, or one feature vector per clip <c>[N, C]</c> (<c>T' = 1</c>). A feature map is averaged over space and
    /// also serves attention maps (<see cref="IVideoEncoder.EncodeMap"/>). The global-local loss of TCLR needs as many timesteps
    /// <c>T'</c> as there are local clips. The weights keep their names in the module.
    /// </remarks>
    /// <param name="module">The module; the encoder owns it.</param>
    /// <param name="features">Number of channels <c>C</c> of its output, 1 or more.</param>
    /// <param name="channelOrder">The channel order that its weights expect. Clips are RGB; for <see cref="ChannelOrder.Bgr"/> they are reversed. The default value is <see cref="ChannelOrder.Rgb"/>.</param>
    /// <returns>The encoder. Its methods throw <see cref="InvalidOperationException"/> if the module's output has another shape; <c>EncodeMap</c> returns <see langword="null"/> if the output has no spatial dimensions.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    /// <example><code>
    /// var network = nn.Sequential(
    ///     nn.Conv3d(3, 32, (3, 7, 7), stride: (1, 2, 2), padding: (1, 3, 3)), nn.ReLU(),
    ///     nn.Conv3d(32, 64, 3, stride: 2, padding: 1), nn.ReLU());
    /// builder.UseEncoder(() => VideoEncoders.From(network, features: 64)).UseTclrHead();
    /// </code></example>
    public static IVideoEncoder From(nn.Module<Tensor, Tensor> module, int features, ChannelOrder channelOrder = ChannelOrder.Rgb)
    {
        ArgumentNullException.ThrowIfNull(module);
        OptionChecker.ThrowIfInvalid(
            check =>
            {
                check.AtLeast(features, 1);
                check.Defined(channelOrder);
            },
            nameof(features));
        return new ModuleEncoder(module, features, channelOrder);
    }

    /// <summary>TCLR's encoder: torchvision's R3D-18, with a temporally dilated convolution instead of the temporal stride in the last stage.</summary>
    /// <remarks>33,166,272 parameters; <c>Timesteps = 2</c> gives the unmodified network. Source: Tran et al., "A Closer Look at Spatiotemporal Convolutions for Action Recognition" (2018).</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 512, 4]</c>; the caller owns it.</returns>
    public static VideoEncoder R3D18(VideoEncoderOptions? options = null) => VideoResNet.R3D18(options);

    /// <summary>TCLR's R(2+1)D-18: torchvision's, with R3D-18's dilated last stage.</summary>
    /// <remarks>31,300,587 parameters; <c>Timesteps = 2</c> gives the unmodified network of 31,300,125.</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 512, 4]</c>; the caller owns it.</returns>
    public static VideoEncoder R2Plus1D18(VideoEncoderOptions? options = null) => VideoResNet.R2Plus1D18(options);

    /// <summary>torchvision's MC3-18: temporal convolutions in the stem and the first stage only.</summary>
    /// <remarks>11,490,240 parameters.</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 512, 16]</c>; the caller owns it.</returns>
    public static VideoEncoder MC3_18(VideoEncoderOptions? options = null) => VideoResNet.MC3_18(options);

    /// <summary>C3D with batch normalization, without the classifier.</summary>
    /// <remarks>27,661,440 parameters. Clips have at least 8 frames of 16x16 pixels. Source: Tran et al., "Learning Spatiotemporal Features with 3D Convolutional Networks" (2015).</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 512, 2]</c>; the caller owns it.</returns>
    public static VideoEncoder C3D(VideoEncoderOptions? options = null) => C3DNetwork.C3D(options);

    /// <summary>The R3D of VCOP and DualVar, with one residual block per stage.</summary>
    /// <remarks>14,361,792 parameters; <c>Timesteps = 4</c> gives TCLR's smaller variant. Source: Xu et al., "Self-supervised Spatiotemporal Learning via Video Clip Order Prediction" (2019).</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 512, 2]</c>; the caller owns it.</returns>
    public static VideoEncoder R3D(VideoEncoderOptions? options = null) => OneBlockResNet.R3D(options);

    /// <summary>The R(2+1)D of VCOP and DualVar, with one residual block per stage.</summary>
    /// <remarks>14,365,303 parameters. Source: as <see cref="R3D"/>.</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 512, 2]</c>; the caller owns it.</returns>
    public static VideoEncoder R2Plus1D(VideoEncoderOptions? options = null) => OneBlockResNet.R2Plus1D(options);

    /// <summary>S3D: Inception with convolutions factorized over space and time.</summary>
    /// <remarks>7,910,048 parameters. Source: Xie et al., "Rethinking Spatiotemporal Feature Learning" (2018).</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 1024, 2]</c>; the caller owns it.</returns>
    public static VideoEncoder S3D(VideoEncoderOptions? options = null) => S3DNetwork.S3D(options);

    /// <summary>S3D-G: <see cref="S3D"/> with self-gating after each branch.</summary>
    /// <remarks>9,098,000 parameters.</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 1024, 2]</c>; the caller owns it.</returns>
    public static VideoEncoder S3DG(VideoEncoderOptions? options = null) => S3DNetwork.S3DG(options);

    /// <summary>DualVar's 2D-3D ResNet-18, with spatial convolutions only.</summary>
    /// <remarks>5,210,176 parameters. Features may be negative, since the network does not end in a ReLU.</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 256, 16]</c>; the caller owns it.</returns>
    public static VideoEncoder R2D3D18(VideoEncoderOptions? options = null) => R2D3DNetwork.R2D3D18(options);

    /// <summary>CVRL's R3D-50.</summary>
    /// <remarks>31,672,128 parameters. Source: Qian et al., "Spatiotemporal Contrastive Video Representation Learning" (2021).</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 2048, 8]</c>; the caller owns it.</returns>
    public static VideoEncoder R3D50(VideoEncoderOptions? options = null) => BottleneckResNet.R3D(nameof(R3D50), options, [3, 4, 6, 3]);

    /// <summary>CVRL's R3D-101: <see cref="R3D50"/> with 3, 4, 23 and 3 blocks.</summary>
    /// <remarks>59,577,152 parameters.</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 2048, 8]</c>; the caller owns it.</returns>
    public static VideoEncoder R3D101(VideoEncoderOptions? options = null) => BottleneckResNet.R3D(nameof(R3D101), options, [3, 4, 23, 3]);

    /// <summary>CVRL's R3D-152: <see cref="R3D50"/> with 3, 8, 36 and 3 blocks.</summary>
    /// <remarks>82,036,544 parameters. CVRL's largest encoder has <c>WidthMultiplier = 2</c>: 327,749,248 parameters and 4096 features.</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 2048, 8]</c>; the caller owns it.</returns>
    public static VideoEncoder R3D152(VideoEncoderOptions? options = null) => BottleneckResNet.R3D(nameof(R3D152), options, [3, 8, 36, 3]);

    /// <summary>A small R3D that trains on a CPU within seconds, for the demo and for tests.</summary>
    /// <remarks>
    /// 221,752 parameters. A 3x3x3 stem with 8 channels and stride (1, 2, 2), then three residual blocks with 16, 32 and 64
    /// channels and strides (2, 2, 2), (1, 2, 2) and (1, 1, 1). Clips of 8 frames give 4 timesteps. The demo uses it with
    /// <see cref="ProjectionHeads.Tclr">ProjectionHeads.Tclr(64, 64, 32)</see>.
    /// </remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, T, H, W]</c> to <c>[N, 64, T / 2]</c>; the caller owns it.</returns>
    /// <example><code>
    /// using var encoder = VideoEncoders.SmallR3D();
    /// using var head = ProjectionHeads.Tclr(inFeatures: 64, hidden: 64, embedding: 32);
    /// </code></example>
    public static VideoEncoder SmallR3D(VideoEncoderOptions? options = null) => VideoResNet.SmallR3D(options);

    // 'MC3_18' and 'small-r3d' are 'mc3_18' and 'small_r3d'.
    private sealed class NameComparer : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => string.Equals(Plain(x), Plain(y), StringComparison.OrdinalIgnoreCase);

        public int GetHashCode(string obj) => StringComparer.OrdinalIgnoreCase.GetHashCode(Plain(obj)!);

        private static string? Plain(string? name) => name?.Replace("_", string.Empty, StringComparison.Ordinal).Replace("-", string.Empty, StringComparison.Ordinal);
    }
}
