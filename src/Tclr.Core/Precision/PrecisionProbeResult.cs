namespace Tclr.Core;

/// <summary>What <see cref="PrecisionProbe"/> found.</summary>
/// <param name="Precision">The choice.</param>
/// <param name="Times">The time of a forward and backward pass by precision.</param>
public sealed record PrecisionProbeResult(TrainingPrecision Precision, IReadOnlyDictionary<TrainingPrecision, TimeSpan> Times);
