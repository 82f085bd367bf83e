using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using TorchSharp;

namespace Tclr.Core;

/// <summary>Everything that the results of a run depend on, as named settings, and how two runs differ.</summary>
internal static class RunDescription
{
    public const string Samples = nameof(Samples);
    public const string BatchNormScope = nameof(BatchNormScope);
    public const string InitialWeights = nameof(InitialWeights);

    public const int MaxNamed = 8;
    private const int MaxProbed = 4096;

    // Recipe values that repeat a setting, or that may change when a run is resumed.
    private static readonly string[] NotCompared = ["name", "source", "epochs", "steps", "precision", "gradient_caching", "memory_budget", "non_finite"];

    /// <summary>Describes a run whose networks exist.</summary>
    public static IReadOnlyDictionary<string, string> Of(TrainerConfiguration configuration, IVideoEncoder encoder, IReadOnlyList<KeyValuePair<string, IProjectionHead>> heads, CheckpointState? checkpoint)
    {
        var description = new SettingsDescription();
        description.Add(nameof(configuration.Seed), configuration.Seed);
        description.Add(Samples, configuration.Clips!.SampleCount);
        description.Add(nameof(configuration.BatchSize), configuration.BatchSize);
        description.Add(nameof(configuration.Accumulation), configuration.Accumulation);
        description.Add(BatchNormScope, configuration.BatchNormScope);
        description.Add(nameof(configuration.VideosPerPass), configuration.VideosPerPass);
        if (configuration.Passes is { } passes)
        {
            description.Add(nameof(configuration.Passes), passes);
        }

        if (configuration.Momentum is { } momentum)
        {
            description.Add(nameof(configuration.Momentum), momentum);
        }

        if (configuration.KeepLastBatch)
        {
            description.Add(nameof(configuration.KeepLastBatch), configuration.KeepLastBatch);
        }

        description.Add(nameof(configuration.Optimizer), configuration.Optimizer);
        description.Add(nameof(configuration.Schedule), configuration.Schedule);
        description.Add("GradientClipping", configuration.MaxGradientNorm);

        // With a fixed number of videos, the memory budget has no effect.
        description.Add(nameof(configuration.MemoryBudget), configuration.GradientCaching && configuration.VideosPerPass is null ? configuration.MemoryBudget : null);
        foreach (var (i, (loss, weight)) in configuration.Losses.Index())
        {
            string name = configuration.Losses.Count == 1 ? "Loss" : string.Create(CultureInfo.InvariantCulture, $"Loss[{i}]");
            description.Add(name, loss);
            description.Add(name + ".Weight", weight);
        }

        // A resumed run need not name its initial weights again.
        description.Add(InitialWeights, configuration.InitialWeights?.Source ?? checkpoint?.Settings.GetValueOrDefault(InitialWeights));
        description.Add("Encoder", encoder);
        description.AddNetwork("Encoder.Network", encoder.Network);
        foreach (var (i, (head, network)) in heads.Index())
        {
            string name = i == 0 ? "Head" : $"Head.{head}";
            description.Add(name, network);
            description.AddNetwork(name + ".Network", network.Network);
        }

        foreach (var (name, value) in configuration.Clips.Settings)
        {
            description.Add("Clips." + name, value);
        }

        return description.Settings;
    }

    /// <summary>What must be the same on all ranks of a run: its settings, what decides about its course, and the versions of the libraries.</summary>
    public static IReadOnlyDictionary<string, string> Shared(TrainerConfiguration configuration, TrainingPrecision precision, IReadOnlyDictionary<string, string> settings)
    {
        var shared = new Dictionary<string, string>(settings, StringComparer.Ordinal)
        {
            [nameof(configuration.Precision)] = precision.ToString(),
            [nameof(configuration.TotalSteps)] = configuration.TotalSteps.ToString(CultureInfo.InvariantCulture),
            [nameof(configuration.NonFinite)] = configuration.NonFinite.ToString(),
            [nameof(configuration.ReadMetricsEvery)] = configuration.StepsReadTogether.ToString(CultureInfo.InvariantCulture),
            [nameof(configuration.ShareLossFrom)] = configuration.ShareLossFrom.ToString(CultureInfo.InvariantCulture),
            ["CheckpointTo"] = string.Create(CultureInfo.InvariantCulture, $"{configuration.Checkpoints is not null} {configuration.CheckpointEvery}"),
            [nameof(configuration.MemoryCheck)] = configuration.MemoryCheck.ToString(),
            [nameof(configuration.Resume)] = configuration.Resume.ToString(),
            ["device"] = configuration.Device.type.ToString(),
        };
        var environment = EnvironmentOf(configuration);
        foreach (string name in (string[])["tclr", "torch_binding", "gradient_caching"])
        {
            shared[name] = environment[name];
        }

        return shared;
    }

    /// <summary>Versions, device and threads, on which rounding depends.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOf(TrainerConfiguration configuration) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["tclr"] = typeof(RunDescription).Assembly.GetName().Version!.ToString(),
        ["torch_binding"] = typeof(torch).Assembly.GetName() is { Name: var name, Version: var version } ? $"{name} {version}" : string.Empty,
        ["dotnet"] = Environment.Version.ToString(),
        ["platform"] = RuntimeInformation.RuntimeIdentifier,
        ["device"] = configuration.Device.ToString(),
        ["threads"] = configuration.Threads.ToString(CultureInfo.InvariantCulture),
        ["gradient_caching"] = configuration.GradientCaching.ToString(),
        ["processes"] = configuration.Collective.Size.ToString(CultureInfo.InvariantCulture),
        ["videos_per_pass"] = (configuration.VideosPerPass ?? configuration.OwnBatchSize).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Names what differs from a checkpoint, as <c>Seed: now 9, checkpoint 7</c>.</summary>
    public static IReadOnlyList<string> Differences(TrainerConfiguration configuration, TrainingPrecision precision, IReadOnlyDictionary<string, string> settings, CheckpointState checkpoint)
    {
        var now = checkpoint.IsOlderFormat ? settings.Where(entry => checkpoint.Settings.ContainsKey(entry.Key)).ToDictionary(StringComparer.Ordinal) : settings;
        var found = Differences(now, checkpoint.Settings, "now", "checkpoint");
        if (precision != checkpoint.Precision)
        {
            found.Add($"{nameof(configuration.Precision)}: now {precision}, checkpoint {checkpoint.Precision}");
        }

        // The recipe repeats these settings, and describes the clips if the source does not.
        if (found.Count == 0 && !checkpoint.IsOlderFormat && configuration.Recipe is { } recipe && checkpoint.Recipe is { } before)
        {
            found = Differences(Leaves(recipe), Leaves(before), "now", "checkpoint");
        }

        if (found.Count > MaxNamed)
        {
            found = [.. found.Take(MaxNamed), string.Create(CultureInfo.InvariantCulture, $"and {found.Count - MaxNamed} more")];
        }

        return OtherLength(configuration, checkpoint) is { } length ? [.. found, length] : found;
    }

    // The completed steps must be the same as in a run of the new length.
    private static string? OtherLength(TrainerConfiguration configuration, CheckpointState done)
    {
        long now = configuration.TotalSteps, before = done.TotalSteps;
        if (now == before)
        {
            return null;
        }

        if (now < done.Step)
        {
            return FormattableString.Invariant($"TotalSteps: now {now}, and the checkpoint has done {done.Step} already");
        }

        int perEpoch = configuration.StepsPerEpoch;
        for (long step = 0; step < done.Step; step += Math.Max(1, done.Step / MaxProbed))
        {
            double[] losses = [.. done.EpochLosses.Take((int)(step / perEpoch))];
            double rate = configuration.Schedule.Factor(new SchedulePosition(step, now, perEpoch, losses));
            double used = configuration.Schedule.Factor(new SchedulePosition(step, before, perEpoch, losses));
            if (rate != used)
            {
                return FormattableString.Invariant(
                    $"TotalSteps: now {now}, checkpoint {before}, and {configuration.Schedule.GetType().Name} depends on it (step {step + 1} was taken with the factor {used:0.####}, and takes {rate:0.####} in a run of {now}). Use a schedule that does not, or start a new run from the weights of this one (UseWeights)");
            }
        }

        return null;
    }

    /// <summary>Names what differs, as <c>Seed: rank 1 9, rank 0 7</c>.</summary>
    public static List<string> Differences(IReadOnlyDictionary<string, string> now, IReadOnlyDictionary<string, string> before, string nameNow, string nameBefore)
    {
        var found = new List<string>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in now.Keys.Union(before.Keys, StringComparer.Ordinal))
        {
            string mine = now.GetValueOrDefault(name, SettingsDescription.None), other = before.GetValueOrDefault(name, SettingsDescription.None);

            // Another type has other settings; its name is enough.
            if (!string.Equals(mine, other, StringComparison.Ordinal) && !names.Any(parent => name.StartsWith(parent + '.', StringComparison.Ordinal) || name.StartsWith(parent + '[', StringComparison.Ordinal)))
            {
                names.Add(name);
                found.Add($"{name}: {nameNow} {mine}, {nameBefore} {other}");
            }
        }

        return found;
    }

    private static Dictionary<string, string> Leaves(JsonElement recipe)
    {
        var leaves = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in recipe.EnumerateObject().Where(property => !NotCompared.Contains(property.Name, StringComparer.Ordinal)))
        {
            Add($"recipe.{property.Name}", property.Value);
        }

        return leaves;

        void Add(string name, JsonElement value)
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                foreach (var property in value.EnumerateObject())
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
