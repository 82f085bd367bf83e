namespace Tclr.Models;

/// <summary>What <see cref="ComputeProbe"/> found.</summary>
/// <param name="Threads">The number of threads to take: the fewest whose step takes at most 3 % longer than the fastest.</param>
/// <param name="Times">Time of a step for each number of threads.</param>
public sealed record ComputeProbeResult(int Threads, IReadOnlyDictionary<int, TimeSpan> Times);
