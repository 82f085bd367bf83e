using System.Text.Json;
using Tclr;

namespace MyPretraining;

/// <summary>The content of settings.json.</summary>
internal sealed record Settings
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    /// <summary>Name of a recipe, or a recipe file.</summary>
    public required string Recipe { get; init; }

    /// <summary>Folder of videos; its sub-folders are the classes of the evaluation.</summary>
    public required string Videos { get; init; }

    /// <summary>Folder for checkpoints, metrics and the report.</summary>
    public required string Output { get; init; }

    /// <summary>cpu, cuda, cuda:1.</summary>
    public required string Device { get; init; }

    /// <summary>Number of training steps; null for the recipe's.</summary>
    public long? Steps { get; init; }

    /// <summary>Videos of a step; null for the recipe's.</summary>
    public int? BatchSize { get; init; }

    public static Settings Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"'{path}' does not exist: expected a file of settings. Usage: MyPretraining [FILE], settings.json by default.");
        }

        try
        {
            return JsonSerializer.Deserialize<Settings>(File.ReadAllText(path), Json) ?? throw new JsonException("Expected an object, got null.");
        }
        catch (JsonException e)
        {
            throw new JsonException($"{path}: {e.Message} The settings are recipe, videos, output, device, steps and batchSize.", e);
        }
    }

    /// <summary>The recipe with what the settings override.</summary>
    public TclrRecipe CreateRecipe()
    {
        var recipe = TclrRecipes.Find(Recipe);
        return recipe with
        {
            BatchSize = BatchSize ?? recipe.BatchSize,
            Steps = Steps ?? recipe.Steps,
            Epochs = Steps is null ? recipe.Epochs : null,
        };
    }
}
