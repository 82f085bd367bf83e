using System.Text.Json;
using System.Text.Json.Serialization;
using Tclr.Core;
using Tclr.Losses;

namespace Tclr;

/// <summary>The whole configuration of a pre-training run, apart from the videos: encoder, head, loss, clips, optimiser, length.</summary>
/// <remarks>
/// It goes into JSON and back, and into every checkpoint of a run that uses it, so that a checkpoint says how it was made.
/// <see cref="TclrRecipes"/> has ready-made ones; <c>with</c> changes them.
/// </remarks>
/// <example><code>
/// var recipe = TclrRecipes.Ucf101R3D18Paper() with { BatchSize = 16, GradientCaching = true };
/// recipe.Save("recipe.json");
/// using var trainer = new TclrTrainerBuilder().UseRecipe(recipe).FromVideos(index, recipe).Build();
/// </code></example>
public sealed record TclrRecipe
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <summary>The recipe's name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it comes from.</summary>
    /// <value>The default value is empty.</value>
    public string Source { get; init; } = string.Empty;

    /// <summary>The encoder.</summary>
    /// <value>The default value is R3D-18.</value>
    public EncoderRecipe Encoder { get; init; } = new();

    /// <summary>The projection head.</summary>
    /// <value>The default value is TCLR's.</value>
    public HeadRecipe Head { get; init; } = new();

    /// <summary>The loss.</summary>
    /// <value>The default value is TCLR's.</value>
    public LossRecipe Loss { get; init; } = new TclrLossRecipe(new TclrLossOptions());

    /// <summary>The clips.</summary>
    /// <value>The default value is TCLR's.</value>
    public ClipRecipe Clips { get; init; } = new();

    /// <summary>The optimiser.</summary>
    /// <value>The default value is Adam with TCLR's settings.</value>
    public OptimizerOptions Optimizer { get; init; } = new AdamOptions();

    /// <summary>How the learning rate changes.</summary>
    /// <value>The default value is a constant rate.</value>
    public ILearningRateSchedule Schedule { get; init; } = LearningRateSchedules.Constant;

    /// <summary>Videos in a batch.</summary>
    /// <value>1 or more. The default value is 40.</value>
    public int BatchSize { get; init; } = 40;

    /// <summary>Batches whose gradients make a step.</summary>
    /// <value>1 or more. The default value is 1.</value>
    public int Accumulation { get; init; } = 1;

    /// <summary>Epochs to train.</summary>
    /// <value>The default value is <see langword="null"/>: <see cref="Steps"/> counts.</value>
    public int? Epochs { get; init; }

    /// <summary>Steps to train, where no epochs are given.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public long? Steps { get; init; }

    /// <summary>The seed.</summary>
    /// <value>The default value is 0.</value>
    public ulong Seed { get; init; }

    /// <summary>Over which clips batch normalisation takes its statistics.</summary>
    /// <value>The default value is all views.</value>
    public BatchStatistics Statistics { get; init; }

    /// <summary>Videos in a pass.</summary>
    /// <value>The default value is <see langword="null"/>: all of the batch.</value>
    public int? VideosPerPass { get; init; }

    /// <summary>Whether gradients are cached at the embeddings, so that one pass is held at a time.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool GradientCaching { get; init; }

    /// <summary>Bytes that the activations of a pass may take, with gradient caching.</summary>
    /// <value>The default value is <see langword="null"/>: no bound.</value>
    public long? MemoryBudget { get; init; }

    /// <summary>Length that all gradients together are clipped to.</summary>
    /// <value>The default value is <see langword="null"/>: they are not clipped.</value>
    public double? GradientClipping { get; init; }

    /// <summary>In which precision the encoder computes.</summary>
    /// <value>The default value is automatic.</value>
    public TrainingPrecision Precision { get; init; }

    /// <summary>What to do when a loss or gradient is not finite.</summary>
    /// <value>The default value is to stop.</value>
    public NonFinitePolicy NonFinite { get; init; }

    /// <summary>Reads a recipe.</summary>
    /// <param name="json">What <see cref="ToJson"/> gives.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="JsonException">It is no recipe; the message says where. A name that is not known is an error.</exception>
    public static TclrRecipe FromJson(string json)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(json);
        return JsonSerializer.Deserialize<TclrRecipe>(json, Json) ?? throw new JsonException("expected a recipe, got null");
    }

    /// <summary>Reads a recipe from a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="JsonException">It is no recipe; the message names the file and where in it.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TclrRecipe Load(string path)
    {
        string json = File.ReadAllText(path);
        try
        {
            return FromJson(json);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new JsonException($"'{path}' is no recipe: {e.Message}", e);
        }
    }

    /// <summary>The recipe that a checkpoint was made by.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="CheckpointException">The checkpoint has none.</exception>
    public static TclrRecipe Of(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return checkpoint.State.Recipe is { } recipe
            ? recipe.Deserialize<TclrRecipe>(Json)!
            : throw new CheckpointException($"The checkpoint '{checkpoint.Folder}' has no recipe: it was not trained by UseRecipe.");
    }

    /// <summary>The recipe as JSON.</summary>
    /// <returns>Indented JSON.</returns>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Writes the recipe to a file.</summary>
    /// <param name="path">The file; replaced if it is there.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => File.WriteAllText(path, ToJson());

    internal JsonElement ToElement() => JsonSerializer.SerializeToElement(this, Json);
}
