namespace Tclr.Evaluation;

/// <summary>Recall over the queries of several videos, with its chance level and standard error.</summary>
/// <param name="Recall">Share of the queries that were answered correctly, 0 to 1.</param>
/// <param name="Chance">Recall of an encoder whose features are equal for all clips, 0 to 1.</param>
/// <param name="PerVideo">Recall of each video, whose mean is <paramref name="Recall"/>: encoders are best compared video by video.</param>
public sealed record RecallEstimate(double Recall, double Chance, IReadOnlyList<double> PerVideo)
{
    /// <summary>Standard error of <see cref="Recall"/> over videos: their standard deviation divided by the root of their number.</summary>
    /// <remarks>The queries of one video are alike, so videos and not queries are the sample.</remarks>
    /// <value><see langword="null"/> for a single video.</value>
    public double? StandardError => SampleStatistics.MeanStd(PerVideo).Std / Math.Sqrt(PerVideo.Count);

    internal static RecallEstimate Of(int videos, int moments, double chance, Func<int, bool> isCorrect)
    {
        double[] shares = [.. Enumerable.Range(0, videos).Select(video => Enumerable.Range(video * moments, moments).Count(isCorrect) / (double)moments)];
        return new RecallEstimate(shares.Average(), chance, shares);
    }
}
