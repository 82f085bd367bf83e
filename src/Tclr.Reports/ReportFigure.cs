using System.Text.Json.Serialization;

namespace Tclr.Reports;

/// <summary>
/// A figure: a <see cref="LineChart"/>, <see cref="ScatterPlot"/>, <see cref="HeatMap"/>, <see cref="BarChart"/> or
/// <see cref="ThumbnailGrid"/>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(LineChart), LineChart.Kind)]
[JsonDerivedType(typeof(ScatterPlot), ScatterPlot.Kind)]
[JsonDerivedType(typeof(HeatMap), HeatMap.Kind)]
[JsonDerivedType(typeof(BarChart), BarChart.Kind)]
[JsonDerivedType(typeof(ThumbnailGrid), ThumbnailGrid.Kind)]
public abstract record ReportFigure
{
    private protected ReportFigure(string title) => Title = title;

    /// <summary>Heading.</summary>
    public string Title { get; init; }

    /// <summary>Caption below the figure.</summary>
    /// <value>The default value is empty.</value>
    public string Caption { get; init; } = string.Empty;
}
