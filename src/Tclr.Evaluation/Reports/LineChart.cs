namespace Tclr.Evaluation;

/// <summary>Lines over a common horizontal axis, for instance the loss over the steps.</summary>
/// <remarks>A line of more than 400 points is thinned out to the lowest and the highest of each stretch.</remarks>
/// <param name="Title">Its heading.</param>
/// <param name="XLabel">What the horizontal axis counts, for instance <c>step</c>.</param>
/// <param name="Series">The lines, in order.</param>
public sealed record LineChart(string Title, string XLabel, IReadOnlyList<ReportSeries> Series) : ReportFigure(Title)
{
    /// <summary>What the vertical axis shows, with its unit.</summary>
    /// <value>The default value is empty.</value>
    public string YLabel { get; init; } = string.Empty;
}
