using System.Security.Cryptography;
using Tclr.Core;
using Tclr.Models;
using Tclr.Weights;

namespace Tclr;

/// <summary>Verbs of <see cref="TclrTrainerBuilder"/> for encoders, heads and weights.</summary>
/// <example><code>
/// builder.UseEncoder(VideoEncoders.R3D18, new() { WidthMultiplier = 0.5 }).UseTclrHead();
/// </code></example>
public static class TclrTrainerBuilderModelExtensions
{
    /// <summary>Sets the encoder to one of <see cref="VideoEncoders"/>, such as <c>UseEncoder(VideoEncoders.S3D)</c>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="encoder">The method that creates it.</param>
    /// <param name="options">Its options; <see langword="null"/> for the defaults.</param>
    /// <returns>The builder.</returns>
    public static TclrTrainerBuilder UseEncoder(this TclrTrainerBuilder builder, Func<VideoEncoderOptions?, VideoEncoder> encoder, VideoEncoderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(encoder);
        return builder.UseEncoder(() => encoder(options));
    }

    /// <summary>Initializes the encoder of a new run from a weight file or another run's checkpoint. The head starts from random weights.</summary>
    /// <remarks>A resumed run takes the weights of its checkpoint; it is refused if it had started from other weights.</remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="path">A file that <see cref="ModelWeights.Load(TorchSharp.torch.nn.Module, string, WeightLoadOptions?)"/> reads, or the folder of a checkpoint.</param>
    /// <param name="options">Options of loading; <see langword="null"/> for the defaults. Used when the trainer is built.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="IOException">The file does not exist.</exception>
    /// <exception cref="CheckpointException">The folder is not a checkpoint.</exception>
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

    /// <summary>Sets the projection head to TCLR's, <see cref="ProjectionHeads.Tclr"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="hidden">Width of the hidden layer, 1 or more. The default value is 512.</param>
    /// <param name="embedding">Dimension of the embeddings, 1 or more. The default value is 128.</param>
    /// <returns>The builder.</returns>
    public static TclrTrainerBuilder UseTclrHead(this TclrTrainerBuilder builder, int hidden = 512, int embedding = 128)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseHead(features => ProjectionHeads.Tclr(features, hidden, embedding));
    }

    /// <summary>Sets the projection head to SimCLR's, <see cref="ProjectionHeads.SimClr"/>.</summary>
    /// <inheritdoc cref="UseTclrHead"/>
    public static TclrTrainerBuilder UseSimClrHead(this TclrTrainerBuilder builder, int hidden = 512, int embedding = 128)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseHead(features => ProjectionHeads.SimClr(features, hidden, embedding));
    }

    /// <summary>Sets the projection head to CVRL's, <see cref="ProjectionHeads.Cvrl"/>.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="hidden">Width of the hidden layers, 1 or more. The default value is 2048.</param>
    /// <param name="embedding">Dimension of the embeddings, 1 or more. The default value is 128.</param>
    /// <returns>The builder.</returns>
    public static TclrTrainerBuilder UseCvrlHead(this TclrTrainerBuilder builder, int hidden = 2048, int embedding = 128)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseHead(features => ProjectionHeads.Cvrl(features, hidden, embedding));
    }

    /// <summary>Sets the projection head to DualVar's clip head, <see cref="ProjectionHeads.DualVarClip"/>.</summary>
    /// <inheritdoc cref="UseTclrHead"/>
    public static TclrTrainerBuilder UseDualVarClipHead(this TclrTrainerBuilder builder, int hidden = 512, int embedding = 128)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.UseHead(features => ProjectionHeads.DualVarClip(features, hidden, embedding));
    }
}
