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
    /// <summary>Names what differs, as <c>BatchSize 16 instead of 40</c>.</summary>
    internal IEnumerable<string> DifferencesFrom(RunSettings other)
        => typeof(RunSettings).GetProperties()
            .Select(property => (property.Name, Mine: property.GetValue(this), Other: property.GetValue(other)))
            .Where(entry => !Equals(entry.Mine, entry.Other))
            .Select(entry => FormattableString.Invariant($"{entry.Name} {entry.Mine ?? "all"} instead of {entry.Other ?? "all"}"));
}
