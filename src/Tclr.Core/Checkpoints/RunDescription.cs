using System.Globalization;
using System.Text.Json;

namespace Tclr.Core;

/// <summary>Everything that a run's numbers depend on, as names with values, and how two runs differ.</summary>
internal static class RunDescription
{
    private const string RecipePrefix = "recipe.";
    private const string InitialWeights = nameof(InitialWeights);
    private const int MostNamed = 8;

    // What the recipe has beside the configuration, or what may change when a run is resumed.
    private static readonly string[] NotCompared = ["name", "source", "epochs", "steps", "precision", "gradient_caching", "memory_budget", "non_finite"];

    /// <summary>Describes a run whose networks were made.</summary>
    public static IReadOnlyDictionary<string, string> Of(TrainerConfiguration configuration, IVideoEncoder encoder, IProjectionHead head, CheckpointState? checkpoint)
    {
        var description = new SettingsDescription();
        description.Add(nameof(configuration.Optimizer), configuration.Optimizer);
        description.Add(nameof(configuration.Schedule), configuration.Schedule);
        description.Add("GradientClipping", configuration.LongestGradient);

        // With a number of videos the budget decides nothing.
        description.Add(nameof(configuration.MemoryBudget), configuration.GradientCaching && configuration.VideosPerPass is null ? configuration.MemoryBudget : null);
        foreach (var (i, (loss, weight)) in configuration.Losses.Index())
        {
            string name = configuration.Losses.Count == 1 ? "Loss" : string.Create(CultureInfo.InvariantCulture, $"Loss[{i}]");
            description.Add(name, loss);
            description.Add(name + ".Weight", weight);
        }

        // A resumed run need not name again what it started from.
        description.Add(InitialWeights, configuration.Start?.Source ?? checkpoint?.Configuration.GetValueOrDefault(InitialWeights));
        AddNetwork(description, "Encoder", encoder, encoder.Network);
        AddNetwork(description, "Head", head, head.Network);
        foreach (var (name, value) in configuration.Clips!.Settings)
        {
            description.Add("Clips." + name, value);
        }

        return description.Settings;
    }

    /// <summary>Names what differs from a checkpoint, as <c>Seed: now 9, checkpoint 7</c>.</summary>
    public static IReadOnlyList<string> Differences(RunSettings settings, IReadOnlyDictionary<string, string> description, JsonElement? recipe, CheckpointState checkpoint)
    {
        var found = Differences(settings.Values(), checkpoint.Settings.Values());

        // Checkpoints of earlier builds do not have it.
        if (checkpoint.Configuration.Count > 0)
        {
            found = [.. found, .. Differences(description, checkpoint.Configuration).Where(difference => !found.Contains(difference, StringComparer.Ordinal))];
        }

        // The recipe says the same once more in other words, and what the clips are where they cannot say it.
        if (found.Count == 0 && recipe is { } now && checkpoint.Recipe is { } before)
        {
            found = Differences(Leaves(now), Leaves(before));
        }

        return found.Count <= MostNamed ? found : [.. found.Take(MostNamed), string.Create(CultureInfo.InvariantCulture, $"and {found.Count - MostNamed} more")];
    }

    private static void AddNetwork(SettingsDescription description, string name, object owner, TorchSharp.torch.nn.Module network)
    {
        description.Add(name, owner);
        description.AddNetwork(name + ".Network", network);
    }

    private static List<string> Differences(IReadOnlyDictionary<string, string> now, IReadOnlyDictionary<string, string> before)
    {
        var found = new List<string>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in now.Keys.Union(before.Keys, StringComparer.Ordinal))
        {
            string mine = now.GetValueOrDefault(name, "none"), other = before.GetValueOrDefault(name, "none");

            // Another type has other settings; its name says enough.
            if (!string.Equals(mine, other, StringComparison.Ordinal) && !names.Any(parent => name.StartsWith(parent + '.', StringComparison.Ordinal) || name.StartsWith(parent + '[', StringComparison.Ordinal)))
            {
                names.Add(name);
                found.Add($"{name}: now {mine}, checkpoint {other}");
            }
        }

        return found;
    }

    private static Dictionary<string, string> Leaves(JsonElement recipe)
    {
        var leaves = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(RecipePrefix.TrimEnd('.'), recipe);
        return leaves;

        void Add(string name, JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in value.EnumerateObject().Where(property => !NotCompared.Contains(property.Name, StringComparer.Ordinal) || !string.Equals(name + '.', RecipePrefix, StringComparison.Ordinal)))
                {
                    Add($"{name}.{property.Name}", property.Value);
                }
            }
            else if (value.ValueKind != JsonValueKind.Null)
            {
                leaves[name] = value.ValueKind == JsonValueKind.Number ? value.GetDouble().ToString("R", CultureInfo.InvariantCulture) : value.GetRawText();
            }
        }
    }
}
