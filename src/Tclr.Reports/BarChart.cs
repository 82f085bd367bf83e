namespace Tclr.Reports;

/// <summary>A bar chart with error bars, grouped by category.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Categories">Categories, for example <c>R@1</c> and <c>R@5</c>.</param>
/// <param name="Series">Series, for example one for each method.</param>
public sealed record BarChart(string Title, IReadOnlyList<string> Categories, IReadOnlyList<BarSeries> Series) : ReportFigure(Title)
{
    internal const string Kind = "bars";

    /// <summary>Label of the value axis, with its unit.</summary>
    /// <value>The default value is empty.</value>
    public string XLabel { get; init; } = string.Empty;
}

/// <summary>The bars of one color in a <see cref="BarChart"/>.</summary>
/// <param name="Name">Name in the legend.</param>
/// <param name="Values">The value for each category, with the standard deviation as the error bar; NaN for no bar.</param>
public sealed record BarSeries(string Name, IReadOnlyList<MeanStd> Values);
