using Tclr.Core;
using Tclr.Models.Layers;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>A residual network of 3D convolutions that keeps time: clips <c>[N, C, T, H, W]</c> to features <c>[N, F, T']</c>.</summary>
/// <remarks>
/// <para>
/// Data: stem (convolution, batch normalisation, ReLU), then stages of residual blocks (two 3x3x3 convolutions each and a
/// shortcut, 1x1x1 where the shape changes), then the mean over space. Convolutions have no bias.
/// </para>
/// <para>
/// Weights carry the names of PyTorch's video ResNets: <c>stem.0.weight</c>, <c>stem.1.*</c>,
/// <c>layer1.0.conv1.0.weight</c>, <c>layer1.0.conv1.1.*</c>, <c>layer1.0.conv2.*</c>, <c>layer2.0.downsample.0.weight</c>
/// and so on. Convolutions start as the options say, batch normalisation from the
/// identity; the numbers come from torch's random generator, so <c>torch.manual_seed</c> fixes them.
/// Source: Tran et al., "A Closer Look at Spatiotemporal Convolutions for Action Recognition" (2018), R3D.
/// </para>
/// <para>Disposing the network releases its weights.</para>
/// </remarks>
/// <example><code>
/// using var encoder = new R3D(new R3DOptions { StemWidth = 16, Stages = [new(16), new(32, 2, 2)] });
/// using var features = encoder.Encode(clips);             // [N, 3, 8, 64, 64] -> [N, 32, 4]
/// </code></example>
public sealed class R3D : nn.Module<Tensor, Tensor>, IVideoEncoder
{
    // An array: registration looks at fields that are modules, and these are registered under their own names.
    private readonly Sequential[] layers;

    /// <summary>Creates the network with fresh weights.</summary>
    /// <param name="options">Its shape; <see langword="null"/> for the defaults, R3D-18.</param>
    /// <exception cref="ArgumentException">An option is out of its range. The message lists all mistakes.</exception>
    public R3D(R3DOptions? options = null)
        : base(nameof(R3D))
    {
        options ??= new R3DOptions();
        var mistakes = options.FindMistakes().ToList();
        if (mistakes.Count > 0)
        {
            throw new ArgumentException($"{nameof(R3D)}: {string.Join("; ", mistakes)}", nameof(options));
        }

        Options = options;
        layers = new Sequential[options.Stages.Count + 1];
        layers[0] = Convolutions.Normalised(options.InputChannels, options.StemWidth, options.StemKernel, options.StemStride, options.Initialization);
        register_module("stem", layers[0]);
        int width = options.StemWidth;
        for (int i = 1; i < layers.Length; i++)
        {
            layers[i] = Stage(width, options.Stages[i - 1], options.Initialization);
            register_module(FormattableString.Invariant($"layer{i}"), layers[i]);
            width = options.Stages[i - 1].Width;
        }
    }

    /// <summary>The shape of the network.</summary>
    public R3DOptions Options { get; }

    /// <inheritdoc/>
    public int FeatureDimension => Options.Stages[^1].Width;

    /// <inheritdoc/>
    public nn.Module Network => this;

    /// <inheritdoc/>
    public Tensor Encode(Tensor clips) => call(clips);

    /// <summary>Encodes a batch of clips, as <see cref="Encode"/> does.</summary>
    /// <param name="input">Float clips <c>[N, C, T, H, W]</c>; the caller keeps owning them.</param>
    /// <returns>Features <c>[N, F, T']</c>, averaged over space; the caller owns them.</returns>
    /// <exception cref="ArgumentException">The clips do not have five dimensions or the network's number of channels.</exception>
    public override Tensor forward(Tensor input)
    {
        Check.Shape(input, ["N", Options.InputChannels, "T", "H", "W"], nameof(R3D), "clips", nameof(input));
        using var scope = NewDisposeScope();
        var features = layers[0].call(input).relu_();
        foreach (var layer in layers.AsSpan(1))
        {
            features = layer.call(features);
        }

        return features.mean([3, 4]).MoveToOuterDisposeScope();                     // [N, F, T', H', W'] -> [N, F, T']
    }

    private static Sequential Stage(int inputs, R3DStage stage, ConvolutionInitialization initialization)
    {
        var blocks = new nn.Module<Tensor, Tensor>[stage.Blocks];
        for (int i = 0; i < blocks.Length; i++)
        {
            blocks[i] = i == 0
                ? new ResidualBlock(inputs, stage.Width, (stage.TemporalStride, stage.SpatialStride), initialization)
                : new ResidualBlock(stage.Width, stage.Width, stride: (1, 1), initialization);
        }

        return nn.Sequential(blocks);
    }
}
