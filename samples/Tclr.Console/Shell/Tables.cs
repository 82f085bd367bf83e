using Spectre.Console;
using Tclr.Reports;

namespace Tclr.Cli;

/// <summary>Tables of reports on the terminal.</summary>
internal static class Tables
{
    public static void Show(ReportTable shown)
    {
        var table = new Table().AddColumn(Markup.Escape(shown.RowHeading)).AddColumns([.. shown.Columns.Select(Markup.Escape)]);
        table.Title = shown.Title.Length > 0 ? new TableTitle(Markup.Escape(shown.Title)) : null;
        foreach (var column in table.Columns.Skip(1))
        {
            column.RightAligned();
        }

        foreach (var row in shown.Rows)
        {
            table.AddRow([Markup.Escape(row.Name), .. row.Cells.Select(cell => Markup.Escape(cell.Text))]);
        }

        AnsiConsole.WriteLine();
        AnsiConsole.Write(table);
    }
}
