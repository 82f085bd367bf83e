namespace Tclr.Core;

/// <summary>Settings of a run that its checkpoints are bound to.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Samples">Samples of an epoch.</param>
/// <param name="BatchSize">Videos in a batch.</param>
/// <param name="Accumulation">Batches in a step.</param>
/// <param name="TotalSteps">Steps of the run.</param>
/// <param name="Optimizer">Kind of the optimiser.</param>
/// <param name="Statistics">Over which clips batch normalisation takes its statistics.</param>
/// <param name="VideosPerPass">Videos in a pass, or <see langword="null"/> for all of the batch.</param>
/// <param name="Precision">Precision of the encoder.</param>
public sealed record RunSettings(
    ulong Seed,
    int Samples,
    int BatchSize,
    int Accumulation,
    long TotalSteps,
    string Optimizer,
    BatchStatistics Statistics,
    int? VideosPerPass,
    TrainingPrecision Precision)
{
    /// <summary>What must be the same when a run is resumed, by name. The number of steps may change where the schedule allows it.</summary>
    internal IReadOnlyDictionary<string, string> Values()
        => typeof(RunSettings).GetProperties()
            .Where(property => !string.Equals(property.Name, nameof(TotalSteps), StringComparison.Ordinal))
            .ToDictionary(property => property.Name, property => FormattableString.Invariant($"{property.GetValue(this) ?? "all"}"), StringComparer.Ordinal);
}
