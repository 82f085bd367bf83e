using System.Diagnostics;

namespace Tclr.Evaluation.Reports;

/// <summary>The parts of a report as its JSON and CSV name them.</summary>
internal static class ReportParts
{
    /// <summary>All sections; the tables and charts before the first are one without a title.</summary>
    public static IEnumerable<ReportSection> Of(RunReport report) => report.Tables.Count + report.Charts.Count == 0
        ? report.Sections
        : report.Sections.Prepend(new ReportSection(string.Empty) { Tables = report.Tables, Figures = report.Charts });

    public static string Kind(ReportFigure figure) => figure switch
    {
        LineChart => "lines",
        ScatterPlot => "scatter",
        HeatMap => "heat_map",
        BarChart => "bars",
        ThumbnailGrid => "thumbnails",
        _ => throw new UnreachableException(),
    };

    public static string Mark(Thumbnail image) => image.Mark switch
    {
        ThumbnailMark.Reference => "reference",
        ThumbnailMark.Right => "right",
        ThumbnailMark.Wrong => "wrong",
        _ => string.Empty,
    };
}
