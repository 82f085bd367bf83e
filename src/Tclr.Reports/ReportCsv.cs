using System.Globalization;
using CsvHelper;

namespace Tclr.Reports;

/// <summary>Writes a <see cref="RunReport"/> as CSV, one line for each number or text.</summary>
internal static class ReportCsv
{
    /// <summary>Text that a spreadsheet would run as a formula is prefixed with an apostrophe; numbers are not.</summary>
    private static readonly CsvWriterOptions Options = CsvWriterOptions.Default with { Injection = CsvInjection.Escape, NewLine = "\n" };

    public static string Write(RunReport report)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using var csv = CsvWriter.Create(text, Options, leaveOpen: true);
        csv.WriteHeader("section", "kind", "title", "row", "column", "value", "std", "runs", "text");
        foreach (var section in report.Sections)
        {
            foreach (var line in section.Tables.SelectMany(Lines).Concat(section.Figures.SelectMany(Lines)))
            {
                Write(csv, section.Title, line);
            }
        }

        foreach (var (name, value) in report.Settings)
        {
            Write(csv, string.Empty, new Line("setting", string.Empty, name, string.Empty, null, value));
        }

        if (report.Recipe.Length > 0)
        {
            Write(csv, string.Empty, new Line("recipe", string.Empty, string.Empty, string.Empty, null, report.Recipe));
        }

        csv.Flush();
        return text.ToString();
    }

    private static IEnumerable<Line> Lines(ReportTable table) =>
        from row in table.Rows
        from cell in row.Cells.Zip(table.Columns)
        select new Line("table", table.Title, row.Name, cell.Second, cell.First.Value, cell.First.Text);

    private static IEnumerable<Line> Lines(ReportFigure figure) => figure switch
    {
        LineChart chart => Lines(LineChart.Kind, chart.Title, chart.Series),
        ScatterPlot plot => Lines(ScatterPlot.Kind, plot.Title, plot.Groups),
        HeatMap map =>
            from row in Enumerable.Range(0, map.Values.GetLength(0))
            from column in Enumerable.Range(0, map.Values.GetLength(1))
            select new Line(HeatMap.Kind, map.Title, Name(map.Rows, row), Name(map.Columns, column), map.Values[row, column]),
        BarChart chart =>
            from series in chart.Series
            from bar in series.Values.Zip(chart.Categories)
            select new Line(BarChart.Kind, chart.Title, series.Name, bar.Second, bar.First),
        ThumbnailGrid grid =>
            from row in grid.Rows
            from image in row.Images.Index()
            select new Line(ThumbnailGrid.Kind, grid.Title, row.Name, Name([], image.Index), null, image.Item.Caption),
        _ => [],
    };

    private static IEnumerable<Line> Lines(string kind, string title, IReadOnlyList<ReportSeries> list) =>
        from series in list
        from point in series.Points
        select new Line(kind, title, series.Name, point.X, point.Y);

    private static string Name(IReadOnlyList<string> names, int index)
        => names.Count > 0 ? names[index] : (index + 1).ToString(CultureInfo.InvariantCulture);

    private static void Write(CsvWriter csv, string section, Line line)
    {
        csv.WriteField(HtmlText.Clean(section));
        csv.WriteField(line.Kind);
        csv.WriteField(HtmlText.Clean(line.Title));
        csv.WriteField(HtmlText.Clean(line.Row));
        if (line.Column is double place)
        {
            csv.WriteField(place);
        }
        else
        {
            csv.WriteField(HtmlText.Clean((string)line.Column));
        }

        csv.WriteField(line.Value?.Mean);
        csv.WriteField(line.Value?.Std);
        csv.WriteField(line.Value?.Std is null ? null : line.Value.Runs);
        csv.WriteField(HtmlText.Clean(line.Text));
        csv.EndRecord();
    }

    /// <summary>A line. The column is a name or an x coordinate.</summary>
    private sealed record Line(string Kind, string Title, string Row, object Column, MeanStd? Value, string Text = "");
}
