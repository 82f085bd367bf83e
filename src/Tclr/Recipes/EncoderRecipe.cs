using Tclr.Models;

namespace Tclr;

/// <summary>Which encoder.</summary>
public sealed record EncoderRecipe
{
    /// <summary>The architecture.</summary>
    /// <value>The default value is <see cref="EncoderKind.R3D18"/>.</value>
    public EncoderKind Kind { get; init; } = EncoderKind.R3D18;

    /// <summary>What is chosen of it.</summary>
    /// <value>The default value is the original.</value>
    public VideoEncoderOptions Options { get; init; } = new();

    /// <summary>Makes the encoder.</summary>
    /// <returns>The encoder; the caller owns it.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public VideoEncoder Create() => Kind switch
    {
        EncoderKind.R3D18 => VideoEncoders.R3D18(Options),
        EncoderKind.R2Plus1D18 => VideoEncoders.R2Plus1D18(Options),
        EncoderKind.MC318 => VideoEncoders.MC318(Options),
        EncoderKind.C3D => VideoEncoders.C3D(Options),
        EncoderKind.R3D => VideoEncoders.R3D(Options),
        EncoderKind.R2Plus1D => VideoEncoders.R2Plus1D(Options),
        EncoderKind.S3D => VideoEncoders.S3D(Options),
        EncoderKind.S3DG => VideoEncoders.S3DG(Options),
        EncoderKind.R2D3D18 => VideoEncoders.R2D3D18(Options),
        EncoderKind.R3D50 => VideoEncoders.R3D50(Options),
        EncoderKind.R3D101 => VideoEncoders.R3D101(Options),
        EncoderKind.R3D152 => VideoEncoders.R3D152(Options),
        EncoderKind.SmallR3D => VideoEncoders.SmallR3D(Options),
        _ => throw RecipeChoice.Unknown(Kind),
    };
}
