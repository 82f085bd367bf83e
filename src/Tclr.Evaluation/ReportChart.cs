namespace Tclr.Evaluation;

/// <summary>A line chart of a <see cref="RunReport"/>.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="XLabel">What the horizontal axis counts, for instance <c>step</c>.</param>
/// <param name="Series">The lines, in order.</param>
public sealed record ReportChart(string Title, string XLabel, IReadOnlyList<ReportSeries> Series);
