namespace Tclr.Evaluation;

/// <summary>Features along their principal components.</summary>
/// <param name="Scores">Coordinates <c>[N, dimensions]</c>, centred; the largest of each component is positive.</param>
/// <param name="Explained">The share of the whole variance along each component, descending; 0 where the features do not vary.</param>
public sealed record PcaResult(double[,] Scores, IReadOnlyList<double> Explained)
{
    /// <summary>The first two coordinates, for a <see cref="ScatterPlot"/>; the second is 0 where there is one.</summary>
    public IReadOnlyList<(double X, double Y)> Points =>
        [.. Enumerable.Range(0, Scores.GetLength(0)).Select(i => (Scores[i, 0], Scores.GetLength(1) > 1 ? Scores[i, 1] : 0))];
}
