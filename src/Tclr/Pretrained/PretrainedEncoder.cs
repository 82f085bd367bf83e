using Tclr.Core;
using Tclr.Data;
using Tclr.Evaluation;
using Tclr.Weights;
using TorchSharp;

namespace Tclr;

/// <summary>A trained encoder with its recipe, which determines the preprocessing of videos.</summary>
/// <remarks>Loads from the folder of a run, a checkpoint, or a weight file of any format, of Tclr or another project.</remarks>
/// <example><code>
/// using var pretrained = PretrainedEncoder.Load("run");
/// var videos = await VideoIndex.ScanAsync(VideoDatasets.Folder("videos"));
/// using var features = await new FeatureExtractor(pretrained.Encoder).ExtractAsync(pretrained.CreateClips(videos), "videos.features");
///
/// // Weights of the TCLR authors, whose file does not state architecture and preprocessing.
/// using var authors = PretrainedEncoder.Load("model_best.pth", new() { Encoder = EncoderRecipe.Of("r3d18"), Clips = ClipRecipe.TclrReference });
/// </code></example>
public sealed class PretrainedEncoder : IDisposable
{
    private const string StateFile = "state.json";

    private PretrainedEncoder(string source, Checkpoint? checkpoint, TclrRecipe recipe, IVideoEncoder encoder, WeightReport? weights)
    {
        Source = source;
        Checkpoint = checkpoint;
        Recipe = recipe;
        Encoder = encoder;
        Weights = weights;
    }

    /// <summary>Full path of the checkpoint's folder or the weight file.</summary>
    public string Source { get; }

    /// <summary>The checkpoint, also of a weight file inside one; <see langword="null"/> for other weight files.</summary>
    public Checkpoint? Checkpoint { get; }

    /// <summary>The recipe. Its <see cref="TclrRecipe.Clips"/> determine the preprocessing of videos.</summary>
    public TclrRecipe Recipe { get; }

    /// <summary>The encoder, in evaluation mode; disposed with this object.</summary>
    public IVideoEncoder Encoder { get; }

    /// <summary>What matched in a weight file; <see langword="null"/> for a checkpoint.</summary>
    public WeightReport? Weights { get; }

    /// <summary>Loads an encoder.</summary>
    /// <param name="path">The folder of a run, a checkpoint <c>step-...</c>, or a weight file; of a TensorFlow checkpoint, its index or prefix.</param>
    /// <param name="options">The options; <see langword="null"/> for the defaults.</param>
    /// <returns>The encoder; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">There is no checkpoint, it is damaged or of another architecture, or it has no momentum encoder and <see cref="PretrainedEncoderOptions.MomentumEncoder"/> asks for it.</exception>
    /// <exception cref="WeightFileException">The weight file cannot be read, is damaged or refused, or does not fit the encoder (<see cref="WeightFileException.Report"/>).</exception>
    /// <exception cref="ArgumentException">
    /// The weights have no recipe, and <see cref="PretrainedEncoderOptions.Encoder"/> or <see cref="PretrainedEncoderOptions.Clips"/> is missing
    /// (<see cref="ArgumentException.ParamName"/> says which), or the device is not available.
    /// </exception>
    public static PretrainedEncoder Load(string path, PretrainedEncoderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options ??= new PretrainedEncoderOptions();
        options = options.Protocol is { } protocol ? options with { Clips = options.Clips ?? protocol.Clips } : options;
        bool isFile = WeightFile.Exists(path);
        var checkpoint = isFile ? CheckpointOf(path) : Checkpoint.Find(path, options.Best);
        string source = isFile ? Path.GetFullPath(path) : checkpoint!.Folder;
        string? momentum = options.MomentumEncoder ? MomentumEncoderOf(source, isFile ? null : checkpoint) : null;
        var recipe = RecipeOf(source, checkpoint, options);
        var device = TorchRuntime.ParseDevice(options.Device);
        var encoder = recipe.Encoder.Create();
        try
        {
            WeightReport? weights = null;
            if (isFile)
            {
                weights = ModelWeights.Load(encoder.Network, source, options.Weights);
            }
            else
            {
                checkpoint!.Verify();
                if (momentum is null)
                {
                    checkpoint.LoadEncoder(encoder);
                }
                else
                {
                    ModelWeights.Load(encoder.Network, momentum);
                }
            }

            encoder.Network.to(device);
            encoder.Network.eval();
            return new PretrainedEncoder(source, checkpoint, recipe, encoder, weights);
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <summary>Prepares videos for the encoder: clips of the recipe's length, size, channel order and normalization, without random augmentation.</summary>
    /// <param name="videos">The videos.</param>
    /// <param name="clips">Clips of each video, 1 or more. The default value is 10, as in the papers.</param>
    /// <param name="reader">The reader; <see langword="null"/> for an <see cref="OpenCvVideoReader"/>.</param>
    /// <param name="loading">Settings of the loader; <see langword="null"/> for the defaults.</param>
    /// <returns>The clips, for <see cref="FeatureExtractor"/>.</returns>
    /// <exception cref="ArgumentException">The number of clips is not positive.</exception>
    /// <exception cref="VideoDataException">Videos are shorter than a clip.</exception>
    public VideoClips CreateClips(VideoIndex videos, int clips = 10, IVideoReader? reader = null, ClipLoaderOptions? loading = null)
        => new(videos, reader ?? new OpenCvVideoReader(), Recipe.Clips.CreateTestSampler(clips), Recipe.Clips.CreateTestAugmentation(), loading);

    /// <summary>Disposes the encoder.</summary>
    public void Dispose() => Encoder.Dispose();

    // A weight file in a checkpoint has its recipe.
    private static Checkpoint? CheckpointOf(string file)
        => Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && File.Exists(Path.Combine(folder, StateFile)) ? Checkpoint.Open(folder) : null;

    private static string MomentumEncoderOf(string source, Checkpoint? checkpoint) => checkpoint?.MomentumEncoderPath ?? throw new CheckpointException(
        $"expected a checkpoint with a momentum encoder, got '{source}', {(checkpoint is null ? "which is a weight file: name its checkpoint" : "which was trained without one: load the encoder itself")}");

    private static TclrRecipe RecipeOf(string source, Checkpoint? checkpoint, PretrainedEncoderOptions options)
    {
        if ((options.Recipe ?? (checkpoint?.Recipe is null ? null : TclrRecipe.Of(checkpoint))) is { } recipe)
        {
            return recipe with { Encoder = options.Encoder ?? recipe.Encoder, Clips = options.Clips ?? recipe.Clips };
        }

        return new TclrRecipe
        {
            Name = Path.GetFileName(source),
            Source = source,
            Encoder = options.Encoder ?? throw Missing(nameof(options.Encoder), "architecture"),
            Clips = options.Clips ?? throw Missing(nameof(options.Clips), "preprocessing of videos"),
        };

        ArgumentException Missing(string option, string what)
            => new($"'{source}' has no recipe: set {nameof(PretrainedEncoderOptions)}.{option} to its {what}{(option is nameof(options.Clips) ? $" or {nameof(options.Protocol)} to an evaluation protocol" : string.Empty)}, or {nameof(options.Recipe)} to the recipe that it was trained by", option);
    }
}
