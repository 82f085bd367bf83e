using Tclr.Core;

namespace Tclr.Models;

/// <summary>Verbs of <see cref="TclrTrainerBuilder"/> for encoders and heads.</summary>
public static class ModelBuilderExtensions
{
    /// <summary>Trains a residual 3D CNN.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">The shape of the network; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    public static TclrTrainerBuilder UseR3D(this TclrTrainerBuilder builder, R3DOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseEncoder(() => new R3D(options));
    }

    /// <summary>Trains the small residual 3D CNN of <see cref="VideoEncoders.SmallR3D"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    public static TclrTrainerBuilder UseSmallR3D(this TclrTrainerBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseEncoder(VideoEncoders.SmallR3D);
    }

    /// <summary>Trains with TCLR's projection head, fitted to the encoder's features.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="hidden">Width of the hidden layer, 1 or more.</param>
    /// <param name="embedding">Length of an embedding, 1 or more.</param>
    /// <returns>The builder.</returns>
    public static TclrTrainerBuilder UseTclrHead(this TclrTrainerBuilder builder, int hidden = 512, int embedding = 128)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseHead(features => ProjectionHeads.Tclr(features, hidden, embedding));
    }
}
