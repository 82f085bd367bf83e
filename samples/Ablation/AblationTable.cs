using System.Globalization;
using Spectre.Console;

namespace Tclr.Samples.Ablation;

/// <summary>The table: mean and standard deviation over the seeds, beside the paper's figures.</summary>
internal static class AblationTable
{
    public static void Show(AblationOptions options, IReadOnlyList<CellResult> cells)
    {
        string[] measures = [.. cells[0].Measures.Keys];
        var table = new Table().AddColumn("trained with").AddColumns(measures).AddColumns("paper: linear", "paper: R@1");
        foreach (var column in table.Columns.Skip(1))
        {
            column.RightAligned();
        }

        foreach (var row in options.Rows)
        {
            var own = cells.Where(cell => string.Equals(cell.Row, row.Key, StringComparison.Ordinal)).ToList();
            table.AddRow([row.Name, .. measures.Select(measure => Spread([.. own.Select(cell => cell.Measures[measure])])), Number(row.PaperLinear), Number(row.PaperRecall)]);
        }

        AnsiConsole.WriteLine();
        AnsiConsole.Write(table);
        AnsiConsole.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"[gray]Recipe {options.RecipeName}, seeds {string.Join(", ", options.Seeds)}: mean ± standard deviation in %. The paper's figures are of R3D-18 on UCF101.[/]");
    }

    private static string Number(double? value) => value?.ToString("0.0", CultureInfo.InvariantCulture) ?? "-";

    private static string Spread(double[] values)
    {
        double mean = values.Average();
        string text = mean.ToString("0.0", CultureInfo.InvariantCulture);
        return values.Length < 2
            ? text
            : text + " ± " + Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)).ToString("0.0", CultureInfo.InvariantCulture);
    }
}
