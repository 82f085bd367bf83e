using System.Text.Json;
using Tclr.Core;
using Tclr.Data;

namespace Tclr;

/// <summary>The whole configuration of a pre-training run, apart from the videos: encoder, head, loss, clips, optimizer, length.</summary>
/// <remarks>
/// It can be written as JSON and read back, and is part of every checkpoint of a run that uses it.
/// <see cref="TclrRecipes"/> has ready-made recipes; change them with <c>with</c>.
/// </remarks>
/// <example><code>
/// var recipe = TclrRecipes.Ucf101R3D18Paper() with { BatchSize = 16, GradientCaching = true };
/// recipe.Save("recipe.json");
/// using var trainer = new TclrTrainerBuilder().UseRecipe(recipe).FromVideos(index, recipe).Build();
/// </code></example>
public sealed record TclrRecipe
{
    /// <summary>The recipe's name.</summary>
    public required string Name { get; init; }

    /// <summary>The paper or code that it follows.</summary>
    /// <value>The default value is empty.</value>
    public string Source { get; init; } = string.Empty;

    /// <summary>The encoder.</summary>
    /// <value>The default value is R3D-18.</value>
    public EncoderRecipe Encoder { get; init; } = EncoderRecipe.Of("r3d18");

    /// <summary>The projection head.</summary>
    /// <value>The default value is TCLR's.</value>
    public HeadRecipe Head { get; init; } = HeadRecipe.Tclr();

    /// <summary>Projection heads beside the main one, by name. Losses find their embeddings by it.</summary>
    /// <value>The default value is <see langword="null"/>: none.</value>
    public IReadOnlyDictionary<string, HeadRecipe>? FurtherHeads { get; init; }

    /// <summary>The loss.</summary>
    /// <value>The default value is TCLR's.</value>
    public LossRecipe Loss { get; init; } = LossRecipe.Tclr();

    /// <summary>The clips.</summary>
    /// <value>The default value is TCLR's.</value>
    public ClipRecipe Clips { get; init; } = new();

    /// <summary>The optimizer.</summary>
    /// <value>The default value is Adam with TCLR's settings.</value>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    /// <summary>The learning-rate schedule.</summary>
    /// <value>The default value is a constant rate.</value>
    public ILearningRateSchedule Schedule { get; init; } = LearningRateSchedules.Constant;

    /// <summary>Number of videos in a batch.</summary>
    /// <value>1 or more. The default value is 40.</value>
    public int BatchSize { get; init; } = 40;

    /// <summary>Whether to keep the last batch of an epoch if it has fewer videos than the others.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool KeepLastBatch { get; init; }

    /// <summary>Number of batches whose gradients are averaged for a step.</summary>
    /// <value>1 or more. The default value is 1.</value>
    public int Accumulation { get; init; } = 1;

    /// <summary>Number of epochs.</summary>
    /// <value>The default value is <see langword="null"/>: <see cref="Steps"/> is used.</value>
    public int? Epochs { get; init; }

    /// <summary>Number of steps, if <see cref="Epochs"/> is not set.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public long? Steps { get; init; }

    /// <summary>The random seed.</summary>
    /// <value>The default value is 0.</value>
    public ulong Seed { get; init; }

    /// <summary>The clips that share batch-normalization statistics.</summary>
    /// <value>The default value is all views.</value>
    public BatchNormScope BatchNormScope { get; init; }

    /// <summary>The forward passes of a step: which views share a pass, and which heads see them.</summary>
    /// <value>The default value is <see langword="null"/>: those of <see cref="BatchNormScope"/>.</value>
    public PassPlan? Passes { get; init; }

    /// <summary>The momentum encoder.</summary>
    /// <value>The default value is <see langword="null"/>: none.</value>
    public MomentumOptions? Momentum { get; init; }

    /// <summary>Number of videos in a pass.</summary>
    /// <value>The default value is <see langword="null"/>: all of the batch.</value>
    public int? VideosPerPass { get; init; }

    /// <summary>Whether to use gradient caching, which holds the activations of one pass at a time.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool GradientCaching { get; init; }

    /// <summary>Memory budget of the activations of a pass in bytes, with gradient caching.</summary>
    /// <value>The default value is <see langword="null"/>: no limit.</value>
    public long? MemoryBudget { get; init; }

    /// <summary>Maximum global gradient norm.</summary>
    /// <value>The default value is <see langword="null"/>: no clipping.</value>
    public double? GradientClipping { get; init; }

    /// <summary>The precision of the encoder.</summary>
    /// <value>The default value is automatic.</value>
    public TrainingPrecision Precision { get; init; }

    /// <summary>What to do when a loss or gradient is not finite.</summary>
    /// <value>The default value is to stop.</value>
    public NonFinitePolicy NonFinite { get; init; }

    /// <summary>Reads a recipe.</summary>
    /// <param name="json">JSON as <see cref="ToJson"/> writes it.</param>
    /// <param name="registry">The kinds of parts; <see langword="null"/> for <see cref="RecipeRegistry.Default"/>.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="RecipeException">It is not a valid recipe; names the place. Unknown properties and kinds are errors.</exception>
    public static TclrRecipe FromJson(string json, RecipeRegistry? registry = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(json);
        return RecipeJson.Read(json, file: null, registry ?? RecipeRegistry.Default);
    }

    /// <summary>Reads a recipe from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="registry">The kinds of parts; <see langword="null"/> for <see cref="RecipeRegistry.Default"/>.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="RecipeException">It is not a valid recipe; names the file and the place.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TclrRecipe Load(string path, RecipeRegistry? registry = null)
        => RecipeJson.Read(File.ReadAllText(path), path, registry ?? RecipeRegistry.Default);

    /// <summary>Gets the recipe that a checkpoint was trained with.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="registry">The kinds of parts; <see langword="null"/> for <see cref="RecipeRegistry.Default"/>.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="RecipeException">The checkpoint has none, or one that is not valid.</exception>
    public static TclrRecipe Of(Checkpoint checkpoint, RecipeRegistry? registry = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return checkpoint.Recipe is { } recipe
            ? RecipeJson.Read(recipe.GetRawText(), checkpoint.Folder, registry ?? RecipeRegistry.Default)
            : throw new RecipeException($"The checkpoint '{checkpoint.Folder}' has no recipe: it was not trained with UseRecipe.");
    }

    /// <summary>Adapts length, number and stride of the clips to videos, if the sampler is <see cref="SamplerRecipe.Tclr"/>.</summary>
    /// <param name="videos">Frames and frame rates of the videos, one or more: <see cref="VideoIndex.Infos"/>.</param>
    /// <returns>The recipe, and what was chosen; <see langword="null"/> for other samplers, which stay as they are.</returns>
    /// <exception cref="ArgumentException">There are no videos.</exception>
    public (TclrRecipe Recipe, ClipFit? Fit) FitClips(IReadOnlyList<VideoInfo> videos)
        => Clips.Sampler.FitTo(videos, Clips.Length) is var (sampler, fit)
            ? (this with { Clips = Clips with { Length = fit.Length, Sampler = sampler, FitVideos = false } }, fit)
            : (this, null);

    /// <summary>Converts the recipe to JSON.</summary>
    /// <param name="registry">The kinds of parts; <see langword="null"/> for <see cref="RecipeRegistry.Default"/>.</param>
    /// <returns>Indented JSON.</returns>
    /// <exception cref="RecipeException">A part of your own is not registered.</exception>
    public string ToJson(RecipeRegistry? registry = null) => JsonSerializer.Serialize(this, (registry ?? RecipeRegistry.Default).Json);

    /// <summary>Writes the recipe to a file, atomically; replaces a file that exists.</summary>
    /// <param name="path">The file.</param>
    /// <param name="registry">The kinds of parts; <see langword="null"/> for <see cref="RecipeRegistry.Default"/>.</param>
    /// <exception cref="RecipeException">A part of your own is not registered.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, RecipeRegistry? registry = null)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(this, (registry ?? RecipeRegistry.Default).Json);
        AtomicFile.Write(path, stream => stream.Write(json));
    }
}
