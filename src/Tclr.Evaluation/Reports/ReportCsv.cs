using System.Globalization;
using CsvHelper;

namespace Tclr.Evaluation.Reports;

/// <summary>Writes a <see cref="RunReport"/> as CSV, a line for each number or text.</summary>
internal sealed class ReportCsv : IDisposable
{
    /// <summary>A name that a spreadsheet would take for a formula is written with an apostrophe before it; numbers stay numbers.</summary>
    private static readonly CsvWriterOptions Options = CsvWriterOptions.Default with { Injection = CsvInjection.Escape, NewLine = "\n" };

    private readonly StringWriter text = new(CultureInfo.InvariantCulture);
    private readonly CsvWriter csv;

    private ReportCsv() => csv = CsvWriter.Create(text, Options, leaveOpen: true);

    public static string Write(RunReport report)
    {
        using var writer = new ReportCsv();
        return writer.All(report);
    }

    public void Dispose()
    {
        csv.Dispose();
        text.Dispose();
    }

    private static string Name(IReadOnlyList<string> names, int index)
        => names.Count > 0 ? names[index] : (index + 1).ToString(CultureInfo.InvariantCulture);

    private string All(RunReport report)
    {
        csv.WriteHeader("section", "kind", "title", "row", "column", "value", "spread", "runs", "text");
        foreach (var section in ReportParts.Of(report))
        {
            foreach (var table in section.Tables)
            {
                Table(section.Title, table);
            }

            foreach (var figure in section.Figures)
            {
                Figure(section.Title, figure);
            }
        }

        foreach (var (name, value) in report.Settings)
        {
            Line(string.Empty, "setting", string.Empty, name, string.Empty, null, value);
        }

        if (report.Recipe.Length > 0)
        {
            Line(string.Empty, "recipe", string.Empty, string.Empty, string.Empty, null, report.Recipe);
        }

        csv.Flush();
        return text.ToString();
    }

    private void Table(string section, ReportTable table)
    {
        foreach (var row in table.Rows)
        {
            for (int i = 0; i < table.Columns.Count; i++)
            {
                Line(section, "table", table.Title, row.Name, table.Columns[i], row.Cells[i].Value, row.Cells[i].Text);
            }
        }
    }

    private void Figure(string section, ReportFigure figure)
    {
        string kind = ReportParts.Kind(figure);
        switch (figure)
        {
            case LineChart chart:
                Points(chart.Series);
                break;
            case ScatterPlot plot:
                Points(plot.Groups);
                break;
            case HeatMap map:
                for (int row = 0; row < map.Values.GetLength(0); row++)
                {
                    for (int column = 0; column < map.Values.GetLength(1); column++)
                    {
                        Line(section, kind, map.Title, Name(map.Rows, row), Name(map.Columns, column), map.Values[row, column]);
                    }
                }

                break;
            case BarChart chart:
                foreach (var series in chart.Series)
                {
                    for (int i = 0; i < chart.Categories.Count; i++)
                    {
                        Line(section, kind, chart.Title, series.Name, chart.Categories[i], series.Values[i]);
                    }
                }

                break;
            case ThumbnailGrid grid:
                foreach (var row in grid.Rows)
                {
                    for (int i = 0; i < row.Images.Count; i++)
                    {
                        Line(section, kind, grid.Title, row.Name, Name([], i), null, row.Images[i].Caption);
                    }
                }

                break;
        }

        void Points(IReadOnlyList<ReportSeries> list)
        {
            foreach (var series in list)
            {
                foreach (var (x, y) in series.Points)
                {
                    Line(section, kind, figure.Title, series.Name, x, y);
                }
            }
        }
    }

    private void Line(string section, string kind, string title, string row, Column column, MeanAndSpread? value, string words = "")
    {
        csv.WriteField(HtmlText.Clean(section));
        csv.WriteField(kind);
        csv.WriteField(HtmlText.Clean(title));
        csv.WriteField(HtmlText.Clean(row));
        if (column.Number is { } number)
        {
            csv.WriteField(number);
        }
        else
        {
            csv.WriteField(HtmlText.Clean(column.Name));
        }

        csv.WriteField(value?.Mean);
        csv.WriteField(value?.Spread);
        csv.WriteField(value?.Spread is null ? null : value.Runs);
        csv.WriteField(HtmlText.Clean(words));
        csv.EndRecord();
    }

    /// <summary>A column by its name, or by its number: what stands on a horizontal axis.</summary>
    private readonly record struct Column(string Name, double? Number)
    {
        public static implicit operator Column(string name) => new(name, null);

        public static implicit operator Column(double number) => new(string.Empty, number);
    }
}
