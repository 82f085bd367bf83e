using System.Globalization;
using System.Text;

namespace Tclr.Reports;

/// <summary>Draws a <see cref="ScatterPlot"/>: one path for each group.</summary>
internal static class ScatterPlotSvg
{
    private const double Height = 340;
    private const double Margin = 8;
    private const int MostPoints = 5000;

    public static void Append(StringBuilder page, ScatterPlot plot)
    {
        Legend.Shapes(page, [.. plot.Groups.Select(group => group.Name)]);
        var finite = plot.Groups.Select(group => group.Points.Where(point => double.IsFinite(point.X) && double.IsFinite(point.Y)).ToList()).ToList();
        int every = (finite.Sum(points => points.Count) + MostPoints - 1) / MostPoints;
        var canvas = new SvgCanvas(page, Height, plot.Title);
        canvas.Rectangle("class=\"frame\"", 0.5, 0.5, SvgCanvas.Width - 1, Height - 1);
        if (every == 0)
        {
            canvas.Text(SvgCanvas.Width / 2, Height / 2, "no points", "middle");
            canvas.Close();
            return;
        }

        var all = finite.SelectMany(points => points).ToList();
        double left = all.Min(point => point.X), right = all.Max(point => point.X), low = all.Min(point => point.Y), high = all.Max(point => point.Y);

        // The same scale on both axes, since distances matter in a map.
        double width = SvgCanvas.Width - (2 * Margin), height = Height - (2 * Margin);
        double scale = Math.Min(width / (right - left), height / (high - low));
        scale = double.IsFinite(scale) ? scale : 0;
        for (int group = 0; group < finite.Count; group++)
        {
            var path = new StringBuilder();
            for (int i = 0; i < finite[group].Count; i += every)
            {
                var (x, y) = finite[group][i];
                double atX = (SvgCanvas.Width / 2) + (scale * (x - ((left + right) / 2))), atY = (Height / 2) - (scale * (y - ((low + high) / 2)));
                path.Append(CultureInfo.InvariantCulture, $"M{atX:0.#} {atY:0.#}{Palette.Shape(group)}");
            }

            canvas.Path($"class=\"points\" style=\"fill:{Palette.Color(group)}\"", path, plot.Groups[group].Name);
        }

        canvas.Close();
    }
}
