namespace Tclr.Data;

/// <summary>What one enumeration reads.</summary>
/// <param name="Order">Videos in the order of reading.</param>
/// <param name="Seed">The run's seed.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="BatchSize">Samples in a batch.</param>
/// <param name="FirstStep">The first batch to read.</param>
/// <param name="Steps">Number of batches of the epoch.</param>
/// <param name="Substitute">Whether another video takes the place of one that does not decode; otherwise that is an error.</param>
internal sealed record ReadJob(int[] Order, ulong Seed, int Epoch, int BatchSize, int FirstStep, int Steps, bool Substitute);
