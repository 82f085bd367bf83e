using System.Globalization;
using System.Text;

namespace Tclr.Reports;

/// <summary>Renders a <see cref="ReportTable"/> with aligned numbers.</summary>
internal static class TableHtml
{
    private const string PlusMinus = " ± ";

    public static void Append(StringBuilder page, ReportTable table)
    {
        // Standard deviations take the same width in all rows of a column, so that the means are aligned.
        int[] spreads = [.. table.Columns.Select((_, i) => table.Rows.Select(row => SpreadOf(row.Cells[i].Text).Length).DefaultIfEmpty(0).Max())];
        bool[] texts = [.. table.Columns.Select((_, i) => table.Rows.Any(row => IsText(row.Cells[i])))];
        // What scrolls on a phone can be reached by keyboard.
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"{HtmlText.Encode(table.Title)}\"><table>\n<thead><tr><th scope=\"col\">{HtmlText.Encode(table.RowHeading)}</th>");
        for (int i = 0; i < table.Columns.Count; i++)
        {
            page.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\"{Class(texts[i])}>{HtmlText.Encode(table.Columns[i])}</th>");
        }

        page.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{HtmlText.Encode(row.Name)}</th>");
            for (int i = 0; i < row.Cells.Count; i++)
            {
                page.Append(CultureInfo.InvariantCulture, $"<td{Class(texts[i])}>{Linked(row.Cells[i], Cell(row.Cells[i].Text, texts[i] ? 0 : spreads[i]))}</td>");
            }

            page.Append("</tr>\n");
        }

        page.Append("</tbody></table></div>\n");
    }

    private static string Class(bool text) => text ? " class=\"text\"" : string.Empty;

    private static string Linked(ReportCell cell, string html) => cell.Link is { } link ? $"<a href=\"{HtmlText.Encode(link)}\">{html}</a>" : html;

    private static string Cell(string text, int room)
    {
        if (room == 0)
        {
            return HtmlText.Encode(text);
        }

        string spread = SpreadOf(text);
        return string.Create(
            CultureInfo.InvariantCulture, $"{HtmlText.Encode(text[..^spread.Length])}<span class=\"pm\" style=\"min-width:{0.9 * room:0.#}ch\">{HtmlText.Encode(spread)}</span>");
    }

    private static string SpreadOf(string text)
    {
        int at = text.IndexOf(PlusMinus, StringComparison.Ordinal);
        return at < 0 ? string.Empty : text[at..];
    }

    private static bool IsText(ReportCell cell)
    {
        string text = cell.Text.TrimStart('+', '-', '−', '–', '<', '>', '≈', '~', '.', ' ');
        return cell.Value is null && text.Length > 0 && !char.IsAsciiDigit(text[0]) && text is not ("NaN" or "n/a");
    }
}
