using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Tclr.Reports;

/// <summary>Renders a <see cref="RunReport"/> as a page that needs no other file.</summary>
internal static class HtmlPage
{
    /// <summary>The smallest number of sections with a table of contents.</summary>
    private const int FewestInContents = 4;

    /// <summary>Renders a report that has been checked.</summary>
    public static string Render(RunReport report)
    {
        var page = new StringBuilder();
        string title = HtmlText.Encode(report.Title);

        // The policy blocks scripts and network access.
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"/>\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';style-src 'unsafe-inline';img-src data:\"/>\n")
            .Append(CultureInfo.InvariantCulture, $"<title>{title}</title>\n<style>\n{HtmlStyle.Css}</style>\n</head>\n<body>\n<h1>{title}</h1>\n");
        Paragraphs(page, report.Summary);
        Contents(page, report.Sections);
        for (int i = 0; i < report.Sections.Count; i++)
        {
            Section(page, report.Sections[i], i);
        }

        Settings(page, report.Settings);
        if (report.Recipe.Length > 0)
        {
            // HTML ignores a line break directly after the tag.
            page.Append(CultureInfo.InvariantCulture, $"<h2>Recipe</h2>\n<pre>\n{HtmlText.Encode(report.Recipe)}</pre>\n");
        }

        return page.Append("</body>\n</html>\n").ToString();
    }

    private static void Contents(StringBuilder page, IReadOnlyList<ReportSection> sections)
    {
        var titled = sections.Index().Where(entry => entry.Item.Title.Length > 0).ToList();
        if (titled.Count < FewestInContents)
        {
            return;
        }

        page.Append("<nav>");
        foreach (var (i, section) in titled)
        {
            page.Append(CultureInfo.InvariantCulture, $"<a href=\"#part-{i + 1}\">{HtmlText.Encode(section.Title)}</a> ");
        }

        page.Append("</nav>\n");
    }

    private static void Section(StringBuilder page, ReportSection section, int index)
    {
        int level = section.Title.Length > 0 ? 3 : 2;
        if (section.Title.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<h2 id=\"part-{index + 1}\">{HtmlText.Encode(section.Title)}</h2>\n");
        }

        Paragraphs(page, section.Text);
        foreach (var table in section.Tables)
        {
            Table(page, table, level);
        }

        foreach (var figure in section.Figures)
        {
            Figure(page, figure, level);
        }
    }

    private static void Paragraphs(StringBuilder page, string text)
    {
        foreach (string paragraph in text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            page.Append(CultureInfo.InvariantCulture, $"<p>{HtmlText.Encode(paragraph)}</p>\n");
        }
    }

    private static void Table(StringBuilder page, ReportTable table, int level)
    {
        Heading(page, table.Title, level);
        TableHtml.Append(page, table);
        if (table.Caption.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<p class=\"caption\">{HtmlText.Encode(table.Caption)}</p>\n");
        }
    }

    private static void Figure(StringBuilder page, ReportFigure figure, int level)
    {
        Heading(page, figure.Title, level);
        page.Append("<figure>\n");
        switch (figure)
        {
            case LineChart chart:
                LineChartSvg.Append(page, chart);
                break;
            case ScatterPlot plot:
                ScatterPlotSvg.Append(page, plot);
                break;
            case HeatMap map:
                HeatMapSvg.Append(page, map);
                break;
            case BarChart chart:
                BarChartSvg.Append(page, chart);
                break;
            case ThumbnailGrid grid:
                ThumbnailHtml.Append(page, grid);
                break;
            default:
                throw new UnreachableException();
        }

        if (figure.Caption.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<figcaption>{HtmlText.Encode(figure.Caption)}</figcaption>\n");
        }

        page.Append("</figure>\n");
    }

    private static void Heading(StringBuilder page, string title, int level)
        => page.Append(CultureInfo.InvariantCulture, $"<h{level}>{HtmlText.Encode(title)}</h{level}>\n");

    private static void Settings(StringBuilder page, IReadOnlyList<ReportSetting> settings)
    {
        if (settings.Count == 0)
        {
            return;
        }

        page.Append("<h2>Settings</h2>\n<dl>\n");
        foreach (var (name, value) in settings)
        {
            page.Append(CultureInfo.InvariantCulture, $"<dt>{HtmlText.Encode(name)}</dt><dd>{HtmlText.Encode(value)}</dd>\n");
        }

        page.Append("</dl>\n");
    }
}
