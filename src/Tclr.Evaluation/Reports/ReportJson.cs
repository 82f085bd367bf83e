using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tclr.Evaluation.Reports;

/// <summary>Writes a <see cref="RunReport"/> as JSON.</summary>
internal static class ReportJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.Default };

    public static string Write(RunReport report)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Options))
        {
            json.WriteStartObject();
            Text(json, "title", report.Title);
            Text(json, "summary", report.Summary);
            json.WriteStartArray("sections");
            foreach (var section in ReportParts.Of(report))
            {
                Section(json, section);
            }

            json.WriteEndArray();
            json.WriteStartArray("settings");
            foreach (var (name, value) in report.Settings)
            {
                json.WriteStartObject();
                Text(json, "name", name);
                Text(json, "value", value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            Text(json, "recipe", report.Recipe);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }

    private static void Section(Utf8JsonWriter json, ReportSection section)
    {
        json.WriteStartObject();
        Text(json, "title", section.Title);
        Text(json, "text", section.Text);
        json.WriteStartArray("tables");
        foreach (var table in section.Tables)
        {
            Table(json, table);
        }

        json.WriteEndArray();
        json.WriteStartArray("figures");
        foreach (var figure in section.Figures)
        {
            Figure(json, figure);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Table(Utf8JsonWriter json, ReportTable table)
    {
        json.WriteStartObject();
        Text(json, "title", table.Title);
        Text(json, "caption", table.Caption);
        Texts(json, "columns", table.Columns);
        json.WriteStartArray("rows");
        foreach (var row in table.Rows)
        {
            json.WriteStartObject();
            Text(json, "name", row.Name);
            json.WriteStartArray("cells");
            foreach (var cell in row.Cells)
            {
                json.WriteStartObject();
                Text(json, "text", cell.Text);
                if (cell.Value is { } value)
                {
                    Value(json, value);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Figure(Utf8JsonWriter json, ReportFigure figure)
    {
        json.WriteStartObject();
        Text(json, "kind", ReportParts.Kind(figure));
        Text(json, "title", figure.Title);
        Text(json, "caption", figure.Caption);
        switch (figure)
        {
            case LineChart chart:
                Text(json, "x_label", chart.XLabel);
                Text(json, "y_label", chart.YLabel);
                Series(json, "series", chart.Series);
                break;
            case ScatterPlot plot:
                Series(json, "groups", plot.Groups);
                break;
            case HeatMap map:
                HeatMap(json, map);
                break;
            case BarChart chart:
                BarChart(json, chart);
                break;
            case ThumbnailGrid grid:
                Thumbnails(json, grid);
                break;
        }

        json.WriteEndObject();
    }

    private static void Series(Utf8JsonWriter json, string name, IReadOnlyList<ReportSeries> list)
    {
        json.WriteStartArray(name);
        foreach (var series in list)
        {
            json.WriteStartObject();
            Text(json, "name", series.Name);
            json.WriteStartArray("points");
            foreach (var (x, y) in series.Points)
            {
                json.WriteStartArray();
                Number(json, x);
                Number(json, y);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void HeatMap(Utf8JsonWriter json, HeatMap map)
    {
        Text(json, "x_label", map.XLabel);
        Text(json, "y_label", map.YLabel);
        Texts(json, "rows", map.Rows);
        Texts(json, "columns", map.Columns);
        json.WriteStartArray("values");
        for (int row = 0; row < map.Values.GetLength(0); row++)
        {
            json.WriteStartArray();
            for (int column = 0; column < map.Values.GetLength(1); column++)
            {
                Number(json, map.Values[row, column]);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void BarChart(Utf8JsonWriter json, BarChart chart)
    {
        Text(json, "x_label", chart.XLabel);
        Texts(json, "categories", chart.Categories);
        json.WriteStartArray("series");
        foreach (var series in chart.Series)
        {
            json.WriteStartObject();
            Text(json, "name", series.Name);
            json.WriteStartArray("values");
            foreach (var value in series.Values)
            {
                json.WriteStartObject();
                Value(json, value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Thumbnails(Utf8JsonWriter json, ThumbnailGrid grid)
    {
        json.WriteStartArray("rows");
        foreach (var row in grid.Rows)
        {
            json.WriteStartObject();
            Text(json, "name", row.Name);
            json.WriteStartArray("images");
            foreach (var image in row.Images)
            {
                json.WriteStartObject();
                Text(json, "caption", image.Caption);
                Text(json, "mark", ReportParts.Mark(image));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Value(Utf8JsonWriter json, MeanAndSpread value)
    {
        json.WritePropertyName("value");
        Number(json, value.Mean);
        if (value.Spread is { } spread)
        {
            json.WritePropertyName("spread");
            Number(json, spread);
            json.WriteNumber("runs", value.Runs);
        }
    }

    private static void Number(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(HtmlText.Clean(value));
        }

        json.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter json, string name, string value) => json.WriteString(name, HtmlText.Clean(value));
}
