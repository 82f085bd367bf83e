namespace Tclr.Reports;

/// <summary>Checks that the parts of a report are consistent; the error names the part.</summary>
internal static class ReportCheck
{
    public static void Check(RunReport report)
    {
        foreach (var table in report.Sections.SelectMany(section => section.Tables))
        {
            foreach (var row in table.Rows)
            {
                Equal(row.Cells.Count, table.Columns.Count, "cells in row", row.Name, "table", table.Title);
                foreach (string link in row.Cells.Select(cell => cell.Link).OfType<string>().Where(link => !IsSafe(link)))
                {
                    throw new ArgumentException($"RunReport: expected a relative path or an http address as link in row '{row.Name}' of table '{table.Title}', got '{link}'", nameof(report));
                }
            }
        }

        foreach (var figure in report.Sections.SelectMany(section => section.Figures))
        {
            Check(figure);
        }
    }

    private static void Check(ReportFigure figure)
    {
        switch (figure)
        {
            case HeatMap map:
                NoneOrEqual(map.Rows.Count, map.Values.GetLength(0), nameof(map.Rows), map.Title);
                NoneOrEqual(map.Columns.Count, map.Values.GetLength(1), nameof(map.Columns), map.Title);
                break;
            case BarChart chart:
                foreach (var series in chart.Series)
                {
                    Equal(series.Values.Count, chart.Categories.Count, "values in series", series.Name, "bar chart", chart.Title);
                }

                break;
            case ThumbnailGrid grid:
                foreach (var image in grid.Rows.SelectMany(row => row.Images))
                {
                    if (!image.Data.IsEmpty && ThumbnailHtml.MediaType(image.Data.Span) is null)
                    {
                        throw new ArgumentException($"RunReport: expected JPEG or PNG in picture '{image.Caption}' of '{grid.Title}', got {image.Data.Length} bytes of something else", nameof(figure));
                    }
                }

                break;
        }
    }

    // Browsers ignore control characters in a scheme, so none is accepted.
    private static bool IsSafe(string link) => !link.Any(char.IsControl) && Uri.TryCreate(link, UriKind.RelativeOrAbsolute, out var address)
        && (!address.IsAbsoluteUri || string.Equals(address.Scheme, Uri.UriSchemeHttp, StringComparison.Ordinal) || string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal));

    private static void Equal(int count, int expected, string what, string name, string kind, string title)
    {
        if (count != expected)
        {
            throw new ArgumentException(FormattableString.Invariant($"RunReport: expected {expected} {what} '{name}' of {kind} '{title}', got {count}"), nameof(count));
        }
    }

    private static void NoneOrEqual(int count, int expected, string names, string title)
    {
        if (count != 0 && count != expected)
        {
            throw new ArgumentException(FormattableString.Invariant($"RunReport: expected {expected} names or none in {names} of heat map '{title}', got {count}"), nameof(count));
        }
    }
}
