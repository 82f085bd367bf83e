using System.Globalization;
using System.Text;

namespace Tclr.Reports;

/// <summary>Draws a <see cref="HeatMap"/>. Colors are opacities of one color over the page, so that they suit light and dark schemes.</summary>
internal static class HeatMapSvg
{
    private const int MostCellsWithNumbers = 12;
    private const int MostNames = 30;
    private const int Levels = 16;
    private const int NameLength = 16;
    private const double LargestCell = 44;

    public static void Append(StringBuilder page, HeatMap map)
    {
        int rows = map.Values.GetLength(0), columns = map.Values.GetLength(1);
        var scale = new HeatScale(map);
        bool named = Math.Max(rows, columns) <= MostNames;
        string[] rowNames = named ? [.. map.Rows.Select(name => HtmlText.Shorten(name, NameLength))] : [];
        string[] columnNames = named ? [.. map.Columns.Select(name => HtmlText.Shorten(name, NameLength))] : [];
        double left = (map.YLabel.Length > 0 ? 26 : 2) + (rowNames.Length == 0 ? 24 : SvgCanvas.CharacterWidth * (1 + rowNames.Max(name => name.Length)));
        double longest = columnNames.Length == 0 ? 0 : columnNames.Max(name => name.Length) * SvgCanvas.CharacterWidth;
        bool slanted = longest > 0 && longest > Cell() - 4;
        if (slanted)
        {
            // The slanted name of the first column extends to the left.
            left = Math.Max(left, (0.71 * columnNames[0].Length * SvgCanvas.CharacterWidth) - (Cell() / 2) + 4);
        }

        double cell = Cell();
        double width = cell * columns, height = cell * rows;
        double below = height + (slanted ? 12 + (0.75 * longest) : 18), titled = below + (map.XLabel.Length > 0 ? 16 : 0);

        var canvas = new SvgCanvas(page, titled + 24, map.Title);
        if (named)
        {
            Cells(canvas, map, scale, left, cell);
            Names(canvas, rowNames, columnNames, left, height, cell, slanted);
        }
        else
        {
            Compact(canvas, map, scale, left, cell);
            Numbers(canvas, rows, columns, left, height, cell);
        }

        canvas.Rectangle("class=\"frame\"", left, 0.5, width, Math.Max(0, height - 0.5));
        canvas.VerticalText(12, height / 2, HtmlText.Shorten(map.YLabel, Math.Max(8, (int)(height / SvgCanvas.CharacterWidth))));
        canvas.Text(left + (width / 2), below + 12, HtmlText.Shorten(map.XLabel, 48), "middle");
        scale.Key(canvas, left, titled + 8);
        canvas.Close();

        double Cell() => Math.Min(LargestCell, (SvgCanvas.Width - 6 - left) / Math.Max(1, columns));
    }

    private static void Cells(SvgCanvas canvas, HeatMap map, HeatScale scale, double left, double cell)
    {
        int crowd = Math.Max(map.Values.GetLength(0), map.Values.GetLength(1));
        string format = NumberFormat(map);
        bool numbers = crowd <= MostCellsWithNumbers && cell >= 24;
        for (int row = 0; row < map.Values.GetLength(0); row++)
        {
            for (int column = 0; column < map.Values.GetLength(1); column++)
            {
                double value = map.Values[row, column], share = scale.Share(value);
                string number = double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture);
                string place = $"{Name(map.Rows, row)} → {Name(map.Columns, column)}: {number}";
                canvas.Rectangle(HeatScale.Ink(share), left + (cell * column), cell * row, cell, cell, place);

                // Zeros would clutter a large matrix.
                if (numbers && (value != 0 || crowd <= 6))
                {
                    string style = $" class=\"{(Math.Abs(share) > 0.62 ? "inverse" : "name")}{(crowd > 8 ? " small" : string.Empty)}\"";
                    canvas.Text(left + (cell * (column + 0.5)), (cell * (row + 0.5)) + 4, number, "middle", style);
                }
            }
        }
    }

    /// <summary>The number format of all cells.</summary>
    private static string NumberFormat(HeatMap map)
    {
        var finite = map.Values.Cast<double>().Where(double.IsFinite).ToList();
        if (finite.TrueForAll(double.IsInteger))
        {
            return finite.Exists(value => Math.Abs(value) >= 1e5) ? "0.#e0" : "0";
        }

        return finite.Max(Math.Abs) switch { >= 1e5 or < 0.01 => "0.#e0", >= 100 => "0", >= 10 => "0.0", _ => "0.00" };
    }

    private static string Name(IReadOnlyList<string> names, int index)
        => names.Count > 0 ? names[index] : (index + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>Draws one path for each color level; thousands of rectangles would be slow to render.</summary>
    private static void Compact(SvgCanvas canvas, HeatMap map, HeatScale scale, double left, double cell)
    {
        var paths = new SortedDictionary<int, StringBuilder>();
        for (int row = 0; row < map.Values.GetLength(0); row++)
        {
            int column = 0;
            while (column < map.Values.GetLength(1))
            {
                int level = Level(column), first = column;
                while (column < map.Values.GetLength(1) && Level(column) == level)
                {
                    column++;
                }

                if (level != 0)
                {
                    if (!paths.TryGetValue(level, out var path))
                    {
                        paths[level] = path = new StringBuilder();
                    }

                    path.Append(CultureInfo.InvariantCulture, $"M{left + (cell * first):0.##} {cell * row:0.##}h{cell * (column - first):0.##}v{cell:0.##}h{-cell * (column - first):0.##}z");
                }
            }

            int Level(int at)
            {
                // Rounded up, so that only zeros are invisible.
                double share = scale.Share(map.Values[row, at]);
                return Math.Sign(share) * (int)Math.Ceiling(Math.Abs(share) * Levels);
            }
        }

        foreach (var (level, path) in paths)
        {
            // Cells of a few pixels need a stronger color to be visible.
            canvas.Path(HeatScale.Ink(Math.Sign(level) * (0.15 + (0.85 * Math.Abs(level) / Levels))), path);
        }
    }

    private static void Names(SvgCanvas canvas, string[] rows, string[] columns, double left, double height, double cell, bool slanted)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            canvas.Text(left - 5, (cell * (i + 0.5)) + 4, rows[i], "end");
        }

        for (int i = 0; i < columns.Length; i++)
        {
            double x = left + (cell * (i + 0.5));
            if (slanted)
            {
                canvas.Text(x + 4, height + 10, columns[i], degrees: -45);
            }
            else
            {
                canvas.Text(x, height + 14, columns[i], "middle");
            }
        }
    }

    private static void Numbers(SvgCanvas canvas, int rows, int columns, double left, double height, double cell)
    {
        foreach (double tick in Axis.Over([0, rows], zero: true).Ticks.Where(tick => tick >= 1 && tick <= rows))
        {
            canvas.Text(left - 5, (cell * (tick - 0.5)) + 4, tick.ToString("0", CultureInfo.InvariantCulture), "end");
        }

        foreach (double tick in Axis.Over([0, columns], zero: true).Ticks.Where(tick => tick >= 1 && tick <= columns))
        {
            canvas.Text(left + (cell * (tick - 0.5)), height + 14, tick.ToString("0", CultureInfo.InvariantCulture), "middle");
        }
    }
}
