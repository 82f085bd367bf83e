using System.Security.Cryptography;
using Tclr.Core;
using Tclr.Weights;

namespace Tclr.Models;

/// <summary>Verbs of <see cref="TclrTrainerBuilder"/> for encoders and heads; a head is fitted to the encoder's features.</summary>
/// <example><code>
/// builder.UseR3D18(new() { WidthMultiplier = 0.5 }).UseTclrHead();
/// </code></example>
public static class ModelBuilderExtensions
{
    /// <summary>Trains <see cref="VideoEncoders.R3D18"/>, TCLR's encoder.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">What to choose; <see langword="null"/> for the original.</param>
    /// <returns>The builder.</returns>
    public static TclrTrainerBuilder UseR3D18(this TclrTrainerBuilder builder, VideoEncoderOptions? options = null)
        => builder.UseVideoEncoder(VideoEncoders.R3D18, options);

    /// <summary>Trains <see cref="VideoEncoders.R2Plus1D18"/>, TCLR's R(2+1)D.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">What to choose; <see langword="null"/> for the original.</param>
    /// <returns>The builder.</returns>
    public static TclrTrainerBuilder UseR2Plus1D18(this TclrTrainerBuilder builder, VideoEncoderOptions? options = null)
        => builder.UseVideoEncoder(VideoEncoders.R2Plus1D18, options);

    /// <summary>Trains <see cref="VideoEncoders.R3D50"/>, CVRL's encoder.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">What to choose; <see langword="null"/> for the original.</param>
    /// <returns>The builder.</returns>
    public static TclrTrainerBuilder UseR3D50(this TclrTrainerBuilder builder, VideoEncoderOptions? options = null)
        => builder.UseVideoEncoder(VideoEncoders.R3D50, options);

    /// <summary>Trains <see cref="VideoEncoders.R2Plus1D"/>, DualVar's encoder.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">What to choose; <see langword="null"/> for the original.</param>
    /// <returns>The builder.</returns>
    public static TclrTrainerBuilder UseR2Plus1D(this TclrTrainerBuilder builder, VideoEncoderOptions? options = null)
        => builder.UseVideoEncoder(VideoEncoders.R2Plus1D, options);

    /// <summary>Trains <see cref="VideoEncoders.C3D"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">What to choose; <see langword="null"/> for the original.</param>
    /// <returns>The builder.</returns>
    public static TclrTrainerBuilder UseC3D(this TclrTrainerBuilder builder, VideoEncoderOptions? options = null)
        => builder.UseVideoEncoder(VideoEncoders.C3D, options);

    /// <summary>Trains the small encoder of <see cref="VideoEncoders.SmallR3D"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="options">What to choose; <see langword="null"/> for the original.</param>
    /// <returns>The builder.</returns>
    public static TclrTrainerBuilder UseSmallR3D(this TclrTrainerBuilder builder, VideoEncoderOptions? options = null)
        => builder.UseVideoEncoder(VideoEncoders.SmallR3D, options);

    /// <summary>Trains any encoder of <see cref="VideoEncoders"/>, such as <c>UseVideoEncoder(VideoEncoders.S3D)</c>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="encoder">Which one.</param>
    /// <param name="options">What to choose; <see langword="null"/> for the original.</param>
    /// <returns>The builder.</returns>
    public static TclrTrainerBuilder UseVideoEncoder(this TclrTrainerBuilder builder, Func<VideoEncoderOptions?, VideoEncoder> encoder, VideoEncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(encoder);
        return builder.UseEncoder(() => encoder(options));
    }

    /// <summary>Starts the encoder of a new run from a file of weights, such as those of another run; the head starts anew.</summary>
    /// <remarks>A resumed run takes its checkpoint's weights; it is refused if its first weights were others.</remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="path">A file that <see cref="ModelWeights.Load(TorchSharp.torch.nn.Module, string, WeightLoadOptions?)"/> reads, or the folder of a checkpoint.</param>
    /// <param name="options">How; <see langword="null"/> for the defaults. Used when the trainer is built.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="CheckpointException">The folder is no checkpoint.</exception>
    public static TclrTrainerBuilder UseWeights(this TclrTrainerBuilder builder, string path, WeightLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string file = Directory.Exists(path) ? Checkpoint.Open(path).EncoderPath : path;
        using var stream = File.OpenRead(file);
        return builder.InitializeEncoder(
            "SHA-256 " + Convert.ToHexStringLower(SHA256.HashData(stream).AsSpan(0, 8)),
            encoder => ModelWeights.Load(encoder.Network, file, options));
    }

    /// <summary>Trains with TCLR's head, <see cref="ProjectionHeads.Tclr"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="hidden">Width of the hidden layer, 1 or more.</param>
    /// <param name="embedding">Length of an embedding, 1 or more.</param>
    /// <returns>The builder.</returns>
    public static TclrTrainerBuilder UseTclrHead(this TclrTrainerBuilder builder, int hidden = 512, int embedding = 128)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseHead(features => ProjectionHeads.Tclr(features, hidden, embedding));
    }

    /// <summary>Trains with SimCLR's head, <see cref="ProjectionHeads.SimClr"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="hidden">Width of the hidden layer, 1 or more.</param>
    /// <param name="embedding">Length of an embedding, 1 or more.</param>
    /// <returns>The builder.</returns>
    public static TclrTrainerBuilder UseSimClrHead(this TclrTrainerBuilder builder, int hidden = 512, int embedding = 128)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseHead(features => ProjectionHeads.SimClr(features, hidden, embedding));
    }

    /// <summary>Trains with CVRL's head, <see cref="ProjectionHeads.Cvrl"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="hidden">Width of the hidden layers, 1 or more.</param>
    /// <param name="embedding">Length of an embedding, 1 or more.</param>
    /// <returns>The builder.</returns>
    public static TclrTrainerBuilder UseCvrlHead(this TclrTrainerBuilder builder, int hidden = 2048, int embedding = 128)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseHead(features => ProjectionHeads.Cvrl(features, hidden, embedding));
    }

    /// <summary>Trains with DualVar's head of clips, <see cref="ProjectionHeads.DualVarClip"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="hidden">Width of the hidden layer, 1 or more.</param>
    /// <param name="embedding">Length of an embedding, 1 or more.</param>
    /// <returns>The builder.</returns>
    public static TclrTrainerBuilder UseDualVarHead(this TclrTrainerBuilder builder, int hidden = 512, int embedding = 128)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseHead(features => ProjectionHeads.DualVarClip(features, hidden, embedding));
    }
}
