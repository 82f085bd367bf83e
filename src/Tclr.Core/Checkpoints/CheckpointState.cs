using System.Text.Json;

namespace Tclr.Core;

/// <summary>Where a run stands, beside its weights: all that a resumed run needs to go on as if it had never stopped.</summary>
public sealed record CheckpointState
{
    /// <summary>Version of the checkpoint's layout.</summary>
    public int FormatVersion { get; init; } = 2;

    /// <summary>Number of optimisation steps done.</summary>
    public required long Step { get; init; }

    /// <summary>Settings that a run which goes on must share.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>
    /// Further settings that a run which goes on must share, by name: optimizer, schedule, loss, encoder, head and clips, each with what it
    /// was set to. Empty in checkpoints of earlier builds.
    /// </summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The mean loss of each epoch that is over.</summary>
    public IReadOnlyList<double> EpochLosses { get; init; } = [];

    /// <summary>Sums over the steps of the epoch that is not over.</summary>
    public EpochSums Epoch { get; init; } = EpochSums.None;

    /// <summary>The mean loss of the epoch that ended at this step; <see langword="null"/> in the midst of one.</summary>
    public double? Loss { get; init; }

    /// <summary>Steps whose batch was left out because its loss or gradient was not finite.</summary>
    public IReadOnlyList<long> SkippedSteps { get; init; } = [];

    /// <summary>The recipe, as JSON, if the run has one.</summary>
    public JsonElement? Recipe { get; init; }

    /// <summary>What else the numbers depend on: versions, threads. A run that goes on elsewhere is told of differences.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
