namespace Tclr.Evaluation;

/// <summary>A line of a <see cref="LineChart"/>.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Points">Its points, from left to right; the line has a gap where one is NaN or infinite.</param>
public sealed record ReportSeries(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>A line over 1, 2, 3, ..., for instance over the number of clips.</summary>
    /// <param name="name">Its name in the legend.</param>
    /// <param name="values">The values at 1, 2, 3, ...</param>
    /// <returns>The line.</returns>
    public static ReportSeries Numbered(string name, IEnumerable<double> values)
        => new(name, [.. values.Select((value, i) => (i + 1.0, value))]);
}
