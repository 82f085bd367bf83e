namespace Tclr.Core;

/// <summary>Where a run stands, beside its weights.</summary>
/// <param name="Step">Number of steps done.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="BatchSize">Videos in a batch.</param>
/// <param name="TotalSteps">Number of steps of the run.</param>
/// <param name="FormatVersion">Version of the checkpoint's layout.</param>
public sealed record CheckpointState(long Step, ulong Seed, int BatchSize, long TotalSteps, int FormatVersion = 1);
