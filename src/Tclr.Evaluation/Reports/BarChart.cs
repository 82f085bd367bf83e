namespace Tclr.Evaluation;

/// <summary>Bars with their spread, side by side for each category.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Categories">What is compared, for instance <c>R@1</c> and <c>R@5</c>.</param>
/// <param name="Series">The bars, for instance one of each method in every category.</param>
public sealed record BarChart(string Title, IReadOnlyList<string> Categories, IReadOnlyList<BarSeries> Series) : ReportFigure(Title)
{
    /// <summary>What the bars show, with its unit.</summary>
    /// <value>The default value is empty.</value>
    public string XLabel { get; init; } = string.Empty;
}
