using System.Text.Json;
using System.Text.Json.Serialization;
using Tclr.Data;
using Tclr.Losses;

namespace Tclr.Samples.Ablation;

/// <summary>How all rows are trained and judged alike. Named ones are built in; another can be given as a JSON file of these properties.</summary>
internal sealed record Recipe
{
    private static readonly JsonSerializerOptions Json = new()
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        PropertyNameCaseInsensitive = true,
        Converters = { new JsonStringEnumConverter() },
    };

    public static IReadOnlyDictionary<string, Recipe> Named { get; } = new Dictionary<string, Recipe>(StringComparer.OrdinalIgnoreCase)
    {
        ["prototype"] = new(),

        // The paper's equations weigh the temporal terms 4 to 8 times as much beside instance contrast as the authors' code (docs/ablation.md).
        ["better"] = new() { Convention = TclrLossConvention.Paper },
    };

    public int Steps { get; init; } = 160;

    public int BatchSize { get; init; } = 16;

    public double LearningRate { get; init; } = 2e-3;

    public double WeightDecay { get; init; } = 1e-5;

    public int WarmupSteps { get; init; } = 10;

    public double FinalFactor { get; init; } = 0.05;

    public TclrLossConvention Convention { get; init; } = TclrLossConvention.Reference;

    public double InstanceTemperature { get; init; } = 0.1;

    public double TemporalTemperature { get; init; } = 0.1;

    public double InstanceWeight { get; init; } = 1;

    public double LocalLocalWeight { get; init; } = 1;

    public double GlobalLocalWeight { get; init; } = 1;

    public int HeadHidden { get; init; } = 64;

    public int HeadEmbedding { get; init; } = 32;

    public double SmallestCrop { get; init; } = 0.88;

    public double ColorMatrix { get; init; } = 0.12;

    public double GrayProbability { get; init; } = 0.3;

    public double Contrast { get; init; } = 0.4;

    public double Brightness { get; init; } = 0.3;

    /// <summary>A named recipe, or one from a file.</summary>
    /// <exception cref="UsageException">It is neither.</exception>
    public static Recipe Find(string name)
    {
        if (Named.TryGetValue(name, out var recipe))
        {
            return recipe;
        }

        try
        {
            return JsonSerializer.Deserialize<Recipe>(File.ReadAllText(name), Json) ?? throw new JsonException("it is empty");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"--recipe: expected {string.Join(", ", Named.Keys)} or a JSON file of a recipe, got '{name}' ({e.Message})", e);
        }
    }

    /// <summary>The augmentation of the training clips.</summary>
    public ClipAugmentation Augmentation(int size) => Augmentations.Start()
        .RandomSquareCrop(SmallestCrop, 1)
        .Resize(size)
        .ColorMatrix(ColorMatrix, GrayProbability)
        .Contrast(1 - Contrast, 1 + Contrast)
        .Brightness(-Brightness, Brightness)
        .Subtract(0.5);
}
