namespace Tclr.Reports;

/// <summary>A line chart, for example of the loss over training steps.</summary>
/// <remarks>Lines of more than 400 points are downsampled: the minimum and the maximum of each interval are drawn. JSON and CSV hold all points.</remarks>
/// <param name="Title">Heading.</param>
/// <param name="XLabel">Label of the horizontal axis, for example <c>step</c>.</param>
/// <param name="Series">Lines.</param>
public sealed record LineChart(string Title, string XLabel, IReadOnlyList<ReportSeries> Series) : ReportFigure(Title)
{
    internal const string Kind = "lines";

    /// <summary>Label of the vertical axis, with its unit.</summary>
    /// <value>The default value is empty.</value>
    public string YLabel { get; init; } = string.Empty;
}

/// <summary>A line of a <see cref="LineChart"/>, or a group of points of a <see cref="ScatterPlot"/>.</summary>
/// <param name="Name">Name in the legend.</param>
/// <param name="Points">Points; those of a line from left to right. Points that are NaN or infinite are gaps.</param>
public sealed record ReportSeries(string Name, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>Creates a series over 1, 2, 3, ...</summary>
    /// <param name="name">Name in the legend.</param>
    /// <param name="values">The values at 1, 2, 3, ...</param>
    /// <returns>The series.</returns>
    public static ReportSeries Numbered(string name, IEnumerable<double> values)
        => new(name, [.. values.Select((value, i) => (i + 1.0, value))]);
}
