using System.Text;

namespace Tclr.Reports;

/// <summary>Draws a <see cref="LineChart"/>.</summary>
internal static class LineChartSvg
{
    private const double Top = 10;
    private const double Bottom = 214;
    private const double Right = 386;

    /// <summary>Maximum number of points drawn of a line.</summary>
    private const int MostPoints = 400;

    /// <summary>Maximum number of points with a dot at each.</summary>
    private const int MostDots = 16;

    public static void Append(StringBuilder page, LineChart chart)
    {
        Legend.Lines(page, [.. chart.Series.Select(series => series.Name)]);
        var finite = chart.Series.SelectMany(series => series.Points).Where(IsFinite).ToList();
        var x = Axis.Exactly(finite.Select(point => point.X));
        var y = Axis.Over(finite.Select(point => point.Y));
        double left = 10 + (SvgCanvas.CharacterWidth * y.Ticks.Max(tick => y.Text(tick).Length)) + (chart.YLabel.Length > 0 ? 16 : 0);
        double AtX(double value) => left + ((Right - left) * x.Share(value));
        double AtY(double value) => Bottom - ((Bottom - Top) * y.Share(value));

        var canvas = new SvgCanvas(page, chart.XLabel.Length > 0 ? 252 : 236, chart.Title);
        foreach (double tick in y.Ticks)
        {
            canvas.Line("class=\"grid\"", left, AtY(tick), Right, AtY(tick));
            canvas.Text(left - 6, AtY(tick) + 4, y.Text(tick), "end");
        }

        foreach (double tick in x.Ticks)
        {
            canvas.Line("class=\"axis\"", AtX(tick), Bottom, AtX(tick), Bottom + 4);
            canvas.Text(AtX(tick), Bottom + 17, x.Text(tick), "middle");
        }

        string width = chart.Series.Count > Palette.Colors ? ";stroke-width:1" : string.Empty;
        canvas.Line("class=\"axis\"", left, Bottom, Right, Bottom);
        canvas.Text((left + Right) / 2, Bottom + 34, HtmlText.Shorten(chart.XLabel, 50), "middle");
        canvas.VerticalText(12, (Top + Bottom) / 2, HtmlText.Shorten(chart.YLabel, 32));
        for (int i = 0; i < chart.Series.Count; i++)
        {
            var series = chart.Series[i];
            foreach (var run in Runs(Thin(series.Points)))
            {
                // With round caps, a line of length zero is a dot.
                var drawn = run.Count == 1 ? [run[0], run[0]] : run;
                canvas.Polyline(Palette.Stroke(i) + width, drawn.Select(point => (AtX(point.X), AtY(point.Y))), series.Name);
                if (series.Points.Count <= MostDots)
                {
                    run.ForEach(point => canvas.Disc($"fill:{Palette.Color(i)}", AtX(point.X), AtY(point.Y)));
                }
            }
        }

        if (finite.Count == 0)
        {
            canvas.Text((left + Right) / 2, (Top + Bottom) / 2, "no values", "middle", " class=\"halo\"");
        }

        canvas.Close();
    }

    private static bool IsFinite((double X, double Y) point) => double.IsFinite(point.X) && double.IsFinite(point.Y);

    /// <summary>Downsamples: keeps the minimum and the maximum of each interval; an interval without finite points is a gap.</summary>
    private static IEnumerable<(double X, double Y)> Thin(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count <= MostPoints)
        {
            return points;
        }

        int stretch = ((2 * points.Count) + MostPoints - 1) / MostPoints;
        return points.Chunk(stretch).SelectMany(chunk =>
        {
            var finite = chunk.Where(IsFinite).ToList();
            if (finite.Count == 0)
            {
                return [(double.NaN, double.NaN)];
            }

            var lowest = finite.MinBy(point => point.Y);
            var highest = finite.MaxBy(point => point.Y);
            return finite.IndexOf(lowest) <= finite.IndexOf(highest) ? [lowest, highest] : new[] { highest, lowest };
        });
    }

    /// <summary>Splits the points at gaps.</summary>
    private static IEnumerable<List<(double X, double Y)>> Runs(IEnumerable<(double X, double Y)> points)
    {
        List<(double X, double Y)> run = [];
        foreach (var point in points)
        {
            if (IsFinite(point))
            {
                run.Add(point);
            }
            else if (run.Count > 0)
            {
                yield return run;
                run = [];
            }
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }
}
