namespace Tclr.Evaluation;

/// <summary>Where the time of an extraction went.</summary>
/// <param name="Videos">Number of videos encoded.</param>
/// <param name="Elapsed">Time from the first request for a batch to the last feature.</param>
/// <param name="Encoding">Time in which the encoder worked; the rest was spent waiting for batches and for the file.</param>
public sealed record FeatureStatistics(int Videos, TimeSpan Elapsed, TimeSpan Encoding)
{
    /// <summary>The share of the time in which the encoder worked, 0 to 1.</summary>
    public double BusyShare => Elapsed > TimeSpan.Zero ? Math.Min(1, Encoding / Elapsed) : 0;
}
