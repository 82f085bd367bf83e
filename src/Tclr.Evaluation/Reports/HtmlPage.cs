using System.Globalization;
using System.Net;
using System.Text;

namespace Tclr.Evaluation.Reports;

/// <summary>Renders a <see cref="RunReport"/> as a page that needs no other file.</summary>
internal static class HtmlPage
{
    private const string Style = """
        :root{color-scheme:light dark;--text:#1b1f24;--soft:#5b6470;--line:#d5dae0;--page:#fff;
        --s0:#1f6feb;--s1:#c2570c;--s2:#15803d;--s3:#a21caf;--s4:#b91c1c;--s5:#0e7490}
        @media(prefers-color-scheme:dark){:root{--text:#e6e9ed;--soft:#9aa4b0;--line:#333a43;--page:#14171b;
        --s0:#6cb0ff;--s1:#f59e5b;--s2:#5ad18a;--s3:#e38bf0;--s4:#ff8080;--s5:#5fd0e6}}
        body{margin:0 auto;max-width:46rem;padding:1rem;font:1rem/1.5 system-ui,sans-serif;color:var(--text);background:var(--page)}
        h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
        .wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}
        th,td{padding:.3rem .7rem;border-bottom:1px solid var(--line);text-align:right;white-space:nowrap}
        th:first-child,dt{text-align:left}th{font-weight:600}
        svg{display:block;width:100%;max-width:36rem;height:auto}svg text{font-size:11px;fill:var(--soft)}
        svg .grid{stroke:var(--line)}svg polyline{fill:none;stroke-width:1.5;stroke-linejoin:round;stroke-linecap:round}
        .legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;margin:0;padding:0;list-style:none}
        .legend i{display:inline-block;width:1rem;height:.2rem;margin-right:.4rem;vertical-align:middle}
        dl{display:grid;grid-template-columns:auto 1fr;gap:.2rem 1rem}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}

        """;

    /// <summary>Renders a report.</summary>
    public static string Render(RunReport report)
    {
        var page = new StringBuilder();
        string title = Encode(report.Title);
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n")
            .Append(CultureInfo.InvariantCulture, $"<title>{title}</title>\n<style>\n{Style}</style>\n</head>\n<body>\n<h1>{title}</h1>\n");
        foreach (var table in report.Tables)
        {
            AppendTable(page, table);
        }

        foreach (var chart in report.Charts)
        {
            AppendChart(page, chart);
        }

        if (report.Settings.Count > 0)
        {
            page.Append("<h2>Settings</h2>\n<dl>\n");
            foreach (var (name, value) in report.Settings)
            {
                page.Append(CultureInfo.InvariantCulture, $"<dt>{Encode(name)}</dt><dd>{Encode(value)}</dd>\n");
            }

            page.Append("</dl>\n");
        }

        return page.Append("</body>\n</html>\n").ToString();
    }

    /// <summary>Makes text safe to stand between tags and in attributes.</summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static void AppendTable(StringBuilder page, ReportTable table)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Encode(table.Title)}</h2>\n<div class=\"wide\"><table>\n<tr><th></th>");
        foreach (string column in table.Columns)
        {
            page.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">{Encode(column)}</th>");
        }

        page.Append("</tr>\n");
        foreach (var row in table.Rows)
        {
            if (row.Cells.Count != table.Columns.Count)
            {
                throw new ArgumentException(
                    FormattableString.Invariant($"RunReport: expected {table.Columns.Count} cells in row '{row.Name}' of table '{table.Title}', got {row.Cells.Count}"),
                    nameof(table));
            }

            page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Encode(row.Name)}</th>");
            foreach (string cell in row.Cells)
            {
                page.Append(CultureInfo.InvariantCulture, $"<td>{Encode(cell)}</td>");
            }

            page.Append("</tr>\n");
        }

        page.Append("</table></div>\n");
    }

    private static void AppendChart(StringBuilder page, ReportChart chart)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Encode(chart.Title)}</h2>\n<ul class=\"legend\">\n");
        for (int i = 0; i < chart.Series.Count; i++)
        {
            page.Append(
                CultureInfo.InvariantCulture, $"<li><i style=\"background:{LineChart.Colour(i)}\"></i>{Encode(chart.Series[i].Name)}</li>\n");
        }

        page.Append("</ul>\n");
        LineChart.Append(page, chart);
    }
}
