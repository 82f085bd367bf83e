using Tclr.Core;

namespace Tclr.Models;

/// <summary>Options of an encoder; the defaults are those of the original network.</summary>
/// <remarks>Checked when an encoder is created; all mistakes are reported together.</remarks>
/// <example><code>
/// using var encoder = VideoEncoders.R3D18(new() { WidthMultiplier = 0.25, Blocks = [1, 1, 1, 1] });
/// </code></example>
public sealed record VideoEncoderOptions
{
    /// <summary>Number of input channels.</summary>
    /// <value>1 or more. The default value is 3.</value>
    public int InputChannels { get; init; } = 3;

    /// <summary>The channel order that the weights expect. Clips are RGB; for <see cref="ChannelOrder.Bgr"/> the encoder reverses them.</summary>
    /// <value>The default value is <see cref="ChannelOrder.Rgb"/>. BGR requires three channels, and clips that no augmentation has reversed.</value>
    public ChannelOrder ChannelOrder { get; init; }

    /// <summary>Multiplier of every layer's number of channels; the result is rounded and at least 1.</summary>
    /// <value>Greater than 0. The default value is 1.</value>
    public double WidthMultiplier { get; init; } = 1;

    /// <summary>Number of residual blocks of each stage.</summary>
    /// <value>One number of 1 or more for each stage. The default value is <see langword="null"/>: those of the original.</value>
    public IReadOnlyList<int>? Blocks { get; init; }

    /// <summary>Number of timesteps that the features of a 16-frame clip have.</summary>
    /// <remarks>
    /// Where the original halves the timesteps and these options do not, the stage's first convolution has temporal dilation 2
    /// instead of stride 2, as in the last stage of TCLR's encoder.
    /// </remarks>
    /// <value>2, 4, 8 or 16. The default value is <see langword="null"/>: that of the original.</value>
    public int? Timesteps { get; init; }

    /// <summary>Initialization of the convolutions.</summary>
    /// <value>The default value is <see langword="null"/>: that of the original.</value>
    public ConvolutionInitialization? Initialization { get; init; }

    /// <summary>Checks the options for a network.</summary>
    /// <param name="check">Collects the mistakes.</param>
    /// <param name="stages">Number of residual stages of the network.</param>
    internal void Check(OptionChecker check, int stages)
    {
        check.AtLeast(InputChannels, 1);
        check.Require(
            Enum.IsDefined(ChannelOrder) && (ChannelOrder == ChannelOrder.Rgb || InputChannels == 3),
            FormattableString.Invariant($"{ChannelOrder} with {InputChannels}"),
            "Rgb, or Bgr with 3 input channels",
            nameof(ChannelOrder));
        check.Positive(WidthMultiplier);
        if (Blocks is not null)
        {
            string expected = stages == 0 ? "null for a network without residual stages" : FormattableString.Invariant($"{stages} numbers of 1 or more");
            check.Require(Blocks.Count == stages && Blocks.All(count => count >= 1), $"[{string.Join(", ", Blocks)}]", expected, nameof(Blocks));
        }

        check.Require(Timesteps is null or 2 or 4 or 8 or 16, Timesteps, "2, 4, 8 or 16 of a clip of 16 frames");
        if (Initialization is { } initialization)
        {
            check.Defined(initialization, nameof(Initialization));
        }
    }
}
