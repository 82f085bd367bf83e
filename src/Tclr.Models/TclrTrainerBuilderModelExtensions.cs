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

    /// <summary>Initializes the encoder of a new run from a run, a checkpoint or a weight file. Head and optimizer start anew.</summary>
    /// <remarks>
    /// A resumed run takes the weights of its own checkpoint and does not load these again; it is refused if it had started from other weights.
    /// Give the clips the preprocessing that the weights were trained with (<c>ClipRecipe</c> of Tclr has that of published ones).
    /// </remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The folder of a run, of which the newest checkpoint is used; a checkpoint <c>step-...</c>; or a weight file that <see cref="ModelWeights.Load(TorchSharp.torch.nn.Module, string, WeightLoadOptions?)"/> reads, such as a published <c>.pth</c>.</param>
    /// <param name="options">Options of loading; <see langword="null"/> to find the weights in a file, <see cref="WeightMapping.Automatic"/>, and for equal names in a checkpoint. Used when the trainer is built.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="CheckpointException">The path is no file and has no checkpoint, or the checkpoint is damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <example><code>
    /// builder.UseEncoder(VideoEncoders.R3D18).UseWeights("model_best.pth");      // Build() throws WeightFileException if they do not fit
    /// </code></example>
    public static TclrTrainerBuilder UseWeights(this TclrTrainerBuilder builder, string path, WeightLoadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        string file = path;
        if (!WeightFile.Exists(path))
        {
            var checkpoint = Checkpoint.Find(path);
            checkpoint.Verify();
            file = checkpoint.EncoderPath;
            options ??= new WeightLoadOptions();
        }

        // The index of a TensorFlow checkpoint has a checksum of each tensor, so its hash identifies them all.
        using var stream = File.OpenRead(File.Exists(file) ? file : file + ".index");
        return builder.InitializeEncoder(
            "SHA-256 " + Convert.ToHexStringLower(SHA256.HashData(stream).AsSpan(0, 8)),
            encoder => ModelWeights.Load(encoder.Network, file, options ?? new() { Mapping = WeightMapping.Automatic }));
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
