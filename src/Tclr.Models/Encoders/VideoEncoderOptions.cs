using Tclr.Core;

namespace Tclr.Models;

/// <summary>What can be chosen of an encoder; each default is that of the original network.</summary>
/// <remarks>Checked when an encoder is made; all mistakes are reported together.</remarks>
/// <example><code>
/// using var encoder = VideoEncoders.R3D18(new() { WidthMultiplier = 0.25, Blocks = [1, 1, 1, 1] });
/// </code></example>
public sealed record VideoEncoderOptions
{
    /// <summary>Channels of a clip.</summary>
    /// <value>1 or more. The default value is 3.</value>
    public int InputChannels { get; init; } = 3;

    /// <summary>Channel order that the weights expect. Clips are RGB either way; with <see cref="ChannelOrder.Bgr"/> the encoder reverses them.</summary>
    /// <value>The default value is <see cref="ChannelOrder.Rgb"/>. The other needs three channels, and clips that an augmentation has not reversed already.</value>
    public ChannelOrder ChannelOrder { get; init; }

    /// <summary>Factor of every layer's number of channels, which is rounded and at least 1.</summary>
    /// <value>Above 0. The default value is 1.</value>
    public double WidthMultiplier { get; init; } = 1;

    /// <summary>Residual blocks of each stage.</summary>
    /// <value>As many numbers of 1 or more as the network has stages. The default value is <see langword="null"/>: those of the original.</value>
    public IReadOnlyList<int>? Blocks { get; init; }

    /// <summary>Timesteps that a clip of 16 frames keeps.</summary>
    /// <remarks>
    /// A residual stage that keeps time where its original halves it gets a first convolution that is dilated over time by
    /// 2 instead, as TCLR does to the last stage.
    /// </remarks>
    /// <value>2, 4, 8 or 16. The default value is <see langword="null"/>: that of the original.</value>
    public int? Timesteps { get; init; }

    /// <summary>What the convolutions start from.</summary>
    /// <value>The default value is <see langword="null"/>: as in the original.</value>
    public ConvolutionInitialization? Initialization { get; init; }

    /// <summary>Lists what is wrong with the options, each with the value and what is expected.</summary>
    /// <param name="stages">Number of residual stages of the network.</param>
    /// <returns>One sentence for each mistake; none where all is well.</returns>
    internal IEnumerable<string> FindMistakes(int stages)
    {
        if (InputChannels < 1)
        {
            yield return FormattableString.Invariant($"{nameof(InputChannels)}: expected 1 or more, got {InputChannels}");
        }

        if (!Enum.IsDefined(ChannelOrder) || (ChannelOrder == ChannelOrder.Bgr && InputChannels != 3))
        {
            yield return FormattableString.Invariant($"{nameof(ChannelOrder)}: expected Rgb, or Bgr with 3 input channels, got {ChannelOrder} with {InputChannels}");
        }

        if (!(WidthMultiplier > 0) || double.IsInfinity(WidthMultiplier))
        {
            yield return FormattableString.Invariant($"{nameof(WidthMultiplier)}: expected a number above 0, got {WidthMultiplier}");
        }

        if (Blocks is not null && (Blocks.Count != stages || Blocks.Any(count => count < 1)))
        {
            string expected = stages == 0
                ? "expected null for a network without residual stages"
                : FormattableString.Invariant($"expected {stages} numbers of 1 or more");
            yield return $"{nameof(Blocks)}: {expected}, got [{string.Join(", ", Blocks)}]";
        }

        if (Timesteps is not (null or 2 or 4 or 8 or 16))
        {
            yield return FormattableString.Invariant($"{nameof(Timesteps)}: expected 2, 4, 8 or 16 of a clip of 16 frames, got {Timesteps}");
        }

        if (Initialization is { } initialization && !Enum.IsDefined(initialization))
        {
            yield return $"{nameof(Initialization)}: expected one of {string.Join(", ", Enum.GetNames<ConvolutionInitialization>())}, got {initialization}";
        }
    }
}
