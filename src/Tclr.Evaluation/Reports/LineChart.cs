using System.Globalization;
using System.Text;

namespace Tclr.Evaluation.Reports;

/// <summary>Draws a <see cref="ReportChart"/> as inline SVG.</summary>
internal static class LineChart
{
    private const double Width = 400;
    private const double Height = 240;
    private const double Left = 44;
    private const double Right = 388;
    private const double Top = 8;
    private const double Bottom = 204;
    private const int Colours = 6;

    /// <summary>More points than this in a line cannot be told apart; each bucket is drawn as its mean.</summary>
    private const int MostPoints = 400;

    /// <summary>The colour of a line as CSS.</summary>
    public static string Colour(int series) => string.Create(CultureInfo.InvariantCulture, $"var(--s{series % Colours})");

    /// <summary>Draws a chart.</summary>
    public static void Append(StringBuilder page, ReportChart chart)
    {
        var finite = chart.Series.SelectMany(series => series.Points).Where(IsFinite).ToList();
        var x = Axis.Over(finite.Select(point => point.X));
        var y = Axis.Over(finite.Select(point => point.Y));
        double AtX(double value) => Left + ((Right - Left) * x.Share(value));
        double AtY(double value) => Bottom - ((Bottom - Top) * y.Share(value));

        page.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\"><title>{HtmlPage.Encode(chart.Title)}</title>\n");
        foreach (double tick in y.Ticks)
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{AtY(tick):F1}\" y2=\"{AtY(tick):F1}\"/><text x=\"{Left - 5}\" y=\"{AtY(tick) + 4:F1}\" text-anchor=\"end\">{tick:G4}</text>\n");
        }

        foreach (double tick in x.Ticks)
        {
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{AtX(tick):F1}\" y=\"{Bottom + 15}\" text-anchor=\"middle\">{tick:G6}</text>\n");
        }

        page.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{(Left + Right) / 2}\" y=\"{Bottom + 31}\" text-anchor=\"middle\">{HtmlPage.Encode(chart.XLabel)}</text>\n");
        for (int i = 0; i < chart.Series.Count; i++)
        {
            foreach (var run in Runs(Thin(chart.Series[i].Points)))
            {
                // A line of no length is drawn as a dot by its round caps.
                var drawn = run.Count == 1 ? [run[0], run[0]] : run;
                var points = drawn.Select(point => string.Create(CultureInfo.InvariantCulture, $"{AtX(point.X):F1},{AtY(point.Y):F1}"));
                page.Append(CultureInfo.InvariantCulture, $"<polyline style=\"stroke:{Colour(i)}\" points=\"{string.Join(' ', points)}\"/>\n");
            }
        }

        page.Append("</svg>\n");
    }

    private static bool IsFinite((double X, double Y) point) => double.IsFinite(point.X) && double.IsFinite(point.Y);

    private static IEnumerable<(double X, double Y)> Thin(IReadOnlyList<(double X, double Y)> points)
        => points.Count <= MostPoints
            ? points
            : points.Chunk((points.Count + MostPoints - 1) / MostPoints)
                .Select(bucket => (bucket.Average(point => point.X), bucket.Average(point => point.Y)));

    /// <summary>Stretches without gaps.</summary>
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
