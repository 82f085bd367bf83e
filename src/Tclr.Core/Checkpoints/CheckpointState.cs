using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tclr.Core;

/// <summary>The <c>state.json</c> of a checkpoint: what a resumed run needs beside the tensors.</summary>
internal sealed record CheckpointState
{
    private const int CurrentVersion = 3;

    // Names in format 2, where these settings had an object of their own.
    private static readonly (string Name, string Before)[] Kept =
    [
        (nameof(TrainerConfiguration.Seed), "seed"),
        (RunDescription.Samples, "samples"),
        (nameof(TrainerConfiguration.BatchSize), "batch_size"),
        (nameof(TrainerConfiguration.Accumulation), "accumulation"),
        (RunDescription.BatchNormScope, "statistics"),
        (nameof(TrainerConfiguration.VideosPerPass), "videos_per_pass"),
    ];

    /// <summary>Version of the format. A file of format 2 keeps its number when it is read.</summary>
    public int FormatVersion { get; init; } = CurrentVersion;

    /// <summary>Number of optimization steps done.</summary>
    public required long Step { get; init; }

    /// <summary>Number of steps of the run.</summary>
    public required long TotalSteps { get; init; }

    public required TrainingPrecision Precision { get; init; }

    /// <summary>The settings of the run by name, from <see cref="RunDescription"/>.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Mean loss of each complete epoch.</summary>
    public IReadOnlyList<double> EpochLosses { get; init; } = [];

    /// <summary>Sums over the current epoch.</summary>
    public EpochSums Epoch { get; init; } = EpochSums.None;

    /// <summary>Mean loss of the epoch that ends at this step; <see langword="null"/> within an epoch.</summary>
    public double? Loss { get; init; }

    public IReadOnlyList<long> SkippedSteps { get; init; } = [];

    /// <summary>The recipe as JSON, if the run has one.</summary>
    public JsonElement? Recipe { get; init; }

    /// <summary>Versions, device and threads. A run that is resumed with others logs the difference.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether only the settings that format 2 kept are known.</summary>
    public bool IsOlderFormat => FormatVersion < CurrentVersion;

    /// <summary>Reads a state of this format or of format 2.</summary>
    /// <exception cref="InvalidDataException">It has another format.</exception>
    public static CheckpointState Parse(byte[] json)
    {
        var state = JsonNode.Parse(json) as JsonObject;
        switch ((int?)state?["format_version"])
        {
            case 2:
                Upgrade(state!);
                break;
            case CurrentVersion:
                break;
            case var other:
                throw new InvalidDataException(FormattableString.Invariant($"'{Checkpoint.StateFile}' has format version {other}, expected 2 or {CurrentVersion}"));
        }

        return state.Deserialize<CheckpointState>(TclrJson.Indented)!;
    }

    // Format 2 described optimizer, loss, networks and clips by names that have changed since; these are left out.
    private static void Upgrade(JsonObject state)
    {
        var before = Required(state, "settings").AsObject();
        var settings = new JsonObject();
        foreach (var (name, old) in Kept)
        {
            settings[name] = before[old]?.ToString() ?? SettingsDescription.None;
        }

        if (state["configuration"]?[RunDescription.InitialWeights] is { } weights)
        {
            settings[RunDescription.InitialWeights] = weights.DeepClone();
        }

        state["total_steps"] = Required(before, "total_steps").DeepClone();
        state["precision"] = Required(before, "precision").DeepClone();
        state["settings"] = settings;

        static JsonNode Required(JsonObject from, string name) => from[name] ?? throw new InvalidDataException($"'{Checkpoint.StateFile}' has no '{name}'");
    }
}

/// <summary>Sums over the steps of an epoch so far.</summary>
internal sealed record EpochSums(int Steps, double Loss, IReadOnlyDictionary<string, double> Terms)
{
    public static EpochSums None { get; } = new(0, 0, new Dictionary<string, double>(StringComparer.Ordinal));

    public EpochSums With(double loss, IReadOnlyDictionary<string, double> terms)
        => new(Steps + 1, Loss + loss, terms.ToDictionary(term => term.Key, term => Terms.GetValueOrDefault(term.Key) + term.Value, StringComparer.Ordinal));
}
