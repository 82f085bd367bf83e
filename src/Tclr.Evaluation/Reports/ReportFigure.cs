namespace Tclr.Evaluation;

/// <summary>
/// A figure of a <see cref="RunReport"/>: a <see cref="LineChart"/>, <see cref="ScatterPlot"/>, <see cref="HeatMap"/>,
/// <see cref="BarChart"/> or <see cref="ThumbnailGrid"/>.
/// </summary>
public abstract record ReportFigure
{
    private protected ReportFigure(string title) => Title = title;

    /// <summary>Its heading.</summary>
    public string Title { get; init; }

    /// <summary>A sentence below it that says what one sees.</summary>
    /// <value>The default value is empty.</value>
    public string Caption { get; init; } = string.Empty;
}
