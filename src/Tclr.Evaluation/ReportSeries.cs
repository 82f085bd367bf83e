namespace Tclr.Evaluation;

/// <summary>A line of a <see cref="ReportChart"/>.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Its points, from left to right; the line has a gap where one is NaN or infinite.</param>
public sealed record ReportSeries(string Name, IReadOnlyList<(double X, double Y)> Points);
