using Tclr.Core;
using Tclr.Models.Architectures;
using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>The encoders, with random weights. Sizes are those of the defaults, for clips of 16 frames.</summary>
/// <remarks>Each throws <see cref="ArgumentException"/> where an option is out of its range; the message lists all mistakes.</remarks>
/// <example><code>
/// using var encoder = VideoEncoders.R3D18();                                      // as in TCLR
/// using var original = VideoEncoders.R3D18(new() { Timesteps = 2 });              // as in torchvision
/// using var wide = VideoEncoders.R3D152(new() { WidthMultiplier = 2 });           // CVRL's largest
/// </code></example>
public static class VideoEncoders
{
    /// <summary>The encoders by the names that recipes and command lines use. Case and underscores do not matter: <c>R3D18</c> and <c>mc318</c> are found.</summary>
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

    /// <summary>Makes an encoder of any TorchSharp module.</summary>
    /// <remarks>
    /// The module takes clips <c>[N, 3, T, H, W]</c> and returns a feature map <c>[N, C, T', H', W']</c>, features over time
    /// <c>[N, C, T']</c>, or one feature per clip <c>[N, C]</c> (as <c>T' = 1</c>). A feature map is averaged over space; with
    /// one, the encoder is an <see cref="ISpatialVideoEncoder"/> for attention maps. The global-local loss of TCLR needs as many
    /// timesteps <c>T'</c> as there are local clips.
    /// Train and checkpoint it as any other; its weights have the names of the module.
    /// </remarks>
    /// <param name="module">The module; the encoder owns it.</param>
    /// <param name="features">Number of channels <c>C</c> of its output, 1 or more.</param>
    /// <param name="channelOrder">The channel order that its weights expect. Clips are RGB; for <see cref="ChannelOrder.Bgr"/> they are reversed. The default value is <see cref="ChannelOrder.Rgb"/>.</param>
    /// <returns>The encoder. Its methods throw <see cref="InvalidOperationException"/> where the module's output has another shape, and <c>EncodeMap</c> throws <see cref="NotSupportedException"/> where it has no space.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    /// <example><code>
    /// var network = nn.Sequential(
    ///     nn.Conv3d(3, 32, (3, 7, 7), stride: (1, 2, 2), padding: (1, 3, 3)), nn.ReLU(),
    ///     nn.Conv3d(32, 64, 3, stride: 2, padding: 1), nn.ReLU());
    /// builder.UseEncoder(() => VideoEncoders.From(network, features: 64)).UseTclrHead();
    /// </code></example>
    public static ISpatialVideoEncoder From(nn.Module<Tensor, Tensor> module, int features, ChannelOrder channelOrder = ChannelOrder.Rgb)
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

    /// <summary>TCLR's encoder: torchvision's R3D-18 whose last stage keeps time and starts with a convolution dilated over it.</summary>
    /// <remarks>33,166,272 parameters; <c>Timesteps = 2</c> gives the unmodified network. Source: Tran et al., "A Closer Look at Spatiotemporal Convolutions for Action Recognition" (2018).</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 512, 4]</c>; the caller owns it.</returns>
    public static VideoEncoder R3D18(VideoEncoderOptions? options = null) => VideoResNet.R3D18(options);

    /// <summary>TCLR's R(2+1)D-18: torchvision's, with R3D-18's dilated last stage.</summary>
    /// <remarks>31,300,587 parameters; <c>Timesteps = 2</c> gives the unmodified network of 31,300,125.</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 512, 4]</c>; the caller owns it.</returns>
    public static VideoEncoder R2Plus1D18(VideoEncoderOptions? options = null) => VideoResNet.R2Plus1D18(options);

    /// <summary>torchvision's MC3-18: 3x3x3 convolutions in stem and first stage, 1x3x3 after them.</summary>
    /// <remarks>11,490,240 parameters.</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 512, 16]</c>; the caller owns it.</returns>
    public static VideoEncoder MC3_18(VideoEncoderOptions? options = null) => VideoResNet.MC3_18(options);

    /// <summary>C3D with batch normalization and without classifier.</summary>
    /// <remarks>27,661,440 parameters. Clips of 8 frames and 16x16 pixels or more. Source: Tran et al., "Learning Spatiotemporal Features with 3D Convolutional Networks" (2015).</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 512, 2]</c>; the caller owns it.</returns>
    public static VideoEncoder C3D(VideoEncoderOptions? options = null) => C3DNetwork.C3D(options);

    /// <summary>The R3D with one block per stage of VCOP and DualVar.</summary>
    /// <remarks>14,361,792 parameters; <c>Timesteps = 4</c> gives TCLR's smaller variant. Source: Xu et al., "Self-supervised Spatiotemporal Learning via Video Clip Order Prediction" (2019).</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 512, 2]</c>; the caller owns it.</returns>
    public static VideoEncoder R3D(VideoEncoderOptions? options = null) => OneBlockResNet.R3D(options);

    /// <summary>The R(2+1)D with one block per stage of VCOP and DualVar.</summary>
    /// <remarks>14,365,303 parameters. Source: as <see cref="R3D"/>.</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 512, 2]</c>; the caller owns it.</returns>
    public static VideoEncoder R2Plus1D(VideoEncoderOptions? options = null) => OneBlockResNet.R2Plus1D(options);

    /// <summary>S3D: Inception with factorized convolutions.</summary>
    /// <remarks>7,910,048 parameters. Source: Xie et al., "Rethinking Spatiotemporal Feature Learning" (2018).</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 1024, 2]</c>; the caller owns it.</returns>
    public static VideoEncoder S3D(VideoEncoderOptions? options = null) => S3DNetwork.S3D(options);

    /// <summary>S3D-G: <see cref="S3D"/> with a gate behind each branch.</summary>
    /// <remarks>9,098,000 parameters.</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 1024, 2]</c>; the caller owns it.</returns>
    public static VideoEncoder S3DG(VideoEncoderOptions? options = null) => S3DNetwork.S3DG(options);

    /// <summary>DualVar's 2D-3D ResNet-18, of convolutions over space only.</summary>
    /// <remarks>5,210,176 parameters. Features may be negative: no ReLU ends the network.</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 256, 16]</c>; the caller owns it.</returns>
    public static VideoEncoder R2D3D18(VideoEncoderOptions? options = null) => R2D3DNetwork.R2D3D18(options);

    /// <summary>CVRL's R3D-50.</summary>
    /// <remarks>31,672,128 parameters. Source: Qian et al., "Spatiotemporal Contrastive Video Representation Learning" (2021).</remarks>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 2048, 8]</c>; the caller owns it.</returns>
    public static VideoEncoder R3D50(VideoEncoderOptions? options = null) => BottleneckResNet.R3D(nameof(R3D50), options, [3, 4, 6, 3]);

    /// <summary>CVRL's R3D-101: <see cref="R3D50"/> with 3, 4, 23 and 3 blocks.</summary>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 2048, 8]</c>; the caller owns it.</returns>
    public static VideoEncoder R3D101(VideoEncoderOptions? options = null) => BottleneckResNet.R3D(nameof(R3D101), options, [3, 4, 23, 3]);

    /// <summary>CVRL's R3D-152: <see cref="R3D50"/> with 3, 8, 36 and 3 blocks.</summary>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder, <c>[N, 3, 16, H, W]</c> to <c>[N, 2048, 8]</c>; the caller owns it.</returns>
    public static VideoEncoder R3D152(VideoEncoderOptions? options = null) => BottleneckResNet.R3D(nameof(R3D152), options, [3, 8, 36, 3]);

    /// <summary>A small R3D that learns on a CPU within seconds, for first steps and tests.</summary>
    /// <remarks>
    /// 221,752 parameters. Stem 3 to 8 channels, kernel 3x3x3, stride (1, 2, 2); one residual block each to 16 channels
    /// with stride (2, 2, 2), to 32 with (1, 2, 2) and to 64 with (1, 1, 1). Clips of 8 frames of 32x32 give 4 timesteps.
    /// Its head is <see cref="ProjectionHeads.Tclr">ProjectionHeads.Tclr(64, 64, 32)</see>.
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
