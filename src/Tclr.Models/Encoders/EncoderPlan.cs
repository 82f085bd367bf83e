using Tclr.Core;
using Tclr.Models.Layers;
using static TorchSharp.torch;

namespace Tclr.Models;

/// <summary>An encoder under construction: the options with the defaults filled in, and the layers added so far.</summary>
internal sealed class EncoderPlan
{
    private const int ReferenceFrames = 16;

    private readonly string name;
    private readonly VideoEncoderOptions options;
    private readonly IReadOnlyList<int> blocks;
    private readonly int halvings;
    private readonly ConvolutionInitialization initialization;
    private readonly List<Layer> layers = [];
    private readonly List<Reduction> reductions = [];

    /// <summary>Checks the options and fills in the defaults.</summary>
    /// <param name="name">Name of the network.</param>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <param name="blocks">The original's residual blocks of each stage.</param>
    /// <param name="timesteps">Timesteps that the original keeps of 16 frames.</param>
    /// <param name="initialization">Initialization of the original's convolutions.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public EncoderPlan(string name, VideoEncoderOptions? options, IReadOnlyList<int> blocks, int timesteps, ConvolutionInitialization initialization)
    {
        TorchRuntime.Load();
        this.name = name;
        this.options = options ??= new VideoEncoderOptions();
        OptionChecker.ThrowIfInvalid(check => this.options.Check(check, blocks.Count), nameof(options));
        this.blocks = options.Blocks ?? blocks;
        this.initialization = options.Initialization ?? initialization;
        halvings = int.Log2(ReferenceFrames / (options.Timesteps ?? timesteps));
    }

    /// <summary>Channels of a clip.</summary>
    public int InputChannels => options.InputChannels;

    /// <summary>Number of residual blocks of a stage.</summary>
    public int Blocks(int stage) => blocks[stage];

    /// <summary>A layer's number of channels: that of the original times the width multiplier.</summary>
    public int Width(int original) => (int)Math.Max(1, Math.Round(original * options.WidthMultiplier));

    /// <summary>Temporal stride at a place where the network can halve time; the first places do.</summary>
    public int TemporalStride(int place) => place < halvings ? 2 : 1;

    /// <summary>A convolution that keeps the size at stride 1.</summary>
    /// <param name="inputs">Channels in.</param>
    /// <param name="outputs">Channels out.</param>
    /// <param name="kernel">Size over time and over each of height and width, odd.</param>
    /// <param name="stride">Stride over time and over space.</param>
    /// <param name="dilation">Dilation over time.</param>
    /// <param name="bias">Whether it has biases.</param>
    /// <param name="padded">Whether it pads; otherwise the layer before it does.</param>
    /// <param name="original">The original's initialization of this layer, if it differs from the network's.</param>
    public nn.Module<Tensor, Tensor> Convolution(
        int inputs,
        int outputs,
        (int Temporal, int Spatial) kernel,
        (int Temporal, int Spatial)? stride = null,
        int dilation = 1,
        bool bias = false,
        bool padded = true,
        ConvolutionInitialization? original = null)
    {
        // TorchSharp leaves a view of the weights behind when it initializes a bias.
        using var scope = NewDisposeScope();
        var (temporal, spatial) = stride ?? (1, 1);
        (int Temporal, int Spatial) padding = padded ? (dilation * (kernel.Temporal / 2), kernel.Spatial / 2) : (0, 0);
        var convolution = nn.Conv3d(
            inputs,
            outputs,
            (kernel.Temporal, kernel.Spatial, kernel.Spatial),
            stride: (temporal, spatial, spatial),
            padding: (padding.Temporal, padding.Spatial, padding.Spatial),
            dilation: (dilation, 1, 1),
            bias: bias);
        using var unrecorded = no_grad();
        switch (options.Initialization ?? original ?? initialization)
        {
            case ConvolutionInitialization.KaimingNormal:
                nn.init.kaiming_normal_(convolution.weight, 0, nn.init.FanInOut.FanOut, nn.init.NonlinearityType.ReLU);
                break;
            case ConvolutionInitialization.TruncatedNormal:
                TruncatedNormal.Fill(convolution.weight, Math.Sqrt(1.0 / (inputs * kernel.Temporal * kernel.Spatial * kernel.Spatial)));
                break;
            case ConvolutionInitialization.Uniform:
                // The default of nn.Conv3d.
                break;
        }

        return inputs < StemConvolution.Channels && dilation == 1
            ? new StemConvolution(convolution, [temporal, spatial, spatial], [padding.Temporal, padding.Spatial, padding.Spatial])
            : convolution;
    }

    /// <summary>Adds a layer.</summary>
    /// <param name="key">Prefix of its weights; <see langword="null"/> if it has none.</param>
    /// <param name="module">The layer.</param>
    /// <param name="temporal">Its stride over time.</param>
    /// <param name="spatial">Its stride over height and width.</param>
    /// <param name="floors">Whether it drops incomplete windows.</param>
    public void Add(string? key, nn.Module<Tensor, Tensor> module, int temporal = 1, int spatial = 1, bool floors = false)
    {
        layers.Add((key, module));
        reductions.Add(new Reduction(temporal, spatial, floors));
    }

    /// <summary>Creates the encoder.</summary>
    /// <param name="features">Number of channels of its features.</param>
    public VideoEncoder Build(int features) => new(name, options, features, layers, reductions);
}

/// <summary>How a layer changes the length of a clip and the size of its frames.</summary>
/// <param name="Temporal">Stride over time.</param>
/// <param name="Spatial">Stride over height and width.</param>
/// <param name="Floors">Whether incomplete windows are dropped; otherwise an incomplete window counts as one.</param>
internal readonly record struct Reduction(int Temporal, int Spatial, bool Floors)
{
    public int TimestepsOf(int frames) => Floors ? frames / Temporal : (frames + Temporal - 1) / Temporal;

    /// <summary>The smallest number of frames that gives a number of timesteps.</summary>
    public int FramesFor(int timesteps) => Least(timesteps, Temporal);

    /// <summary>The smallest side of a frame that gives a number of pixels.</summary>
    public int PixelsFor(int pixels) => Least(pixels, Spatial);

    private int Least(int count, int stride) => Floors ? count * stride : ((count - 1) * stride) + 1;
}
