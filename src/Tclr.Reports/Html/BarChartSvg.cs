using System.Text;

namespace Tclr.Reports;

/// <summary>Draws a <see cref="BarChart"/> with horizontal bars, which leave room for names on narrow screens.</summary>
internal static class BarChartSvg
{
    private const double Left = 2;
    private const double Thickness = 13;
    private const double Pitch = 16;
    private const double Gap = 10;
    private const int NameLength = 58;

    public static void Append(StringBuilder page, BarChart chart)
    {
        if (chart.Series.Count > 1)
        {
            Legend.Bars(page, [.. chart.Series.Select(series => series.Name)]);
        }

        var ends = chart.Series.SelectMany(series => series.Values).Where(IsFinite)
            .SelectMany(value => new[] { value.Mean - Spread(value), value.Mean + Spread(value) });
        var axis = Axis.Over(ends, zero: true);
        double right = SvgCanvas.Width - (SvgCanvas.CharacterWidth * (chart.Series.SelectMany(series => series.Values).Select(Text).DefaultIfEmpty(string.Empty).Max(text => text.Length) + 1));
        double At(double value) => Left + ((right - Left) * axis.Share(value));

        double block = 16 + (Pitch * chart.Series.Count) + Gap, bottom = (block * chart.Categories.Count) + 4;
        var canvas = new SvgCanvas(page, bottom + (chart.XLabel.Length > 0 ? 34 : 18), chart.Title);
        foreach (double tick in axis.Ticks)
        {
            canvas.Line("class=\"grid\"", At(tick), 0, At(tick), bottom);
            canvas.Text(At(tick), bottom + 14, axis.Text(tick), tick == axis.Low ? "start" : "middle");
        }

        canvas.Line("class=\"axis\"", At(0), 0, At(0), bottom);
        canvas.Text((Left + right) / 2, bottom + 30, HtmlText.Shorten(chart.XLabel, 50), "middle");
        for (int category = 0; category < chart.Categories.Count; category++)
        {
            double y = block * category;
            canvas.Text(Left + 4, y + 12, HtmlText.Shorten(chart.Categories[category], NameLength), extra: " class=\"name halo\"");
            for (int i = 0; i < chart.Series.Count; i++)
            {
                var value = chart.Series[i].Values[category];
                double top = y + 17 + (Pitch * i), middle = top + (Thickness / 2), end = At(0);
                if (IsFinite(value))
                {
                    double from = Math.Min(At(0), At(value.Mean)), to = Math.Max(At(0), At(value.Mean));
                    canvas.Rectangle($"style=\"fill:{Palette.Color(i)}\"", from, top, Math.Max(to - from, 0.5), Thickness, $"{chart.Series[i].Name}: {Text(value)}");
                    end = to;
                    if (Spread(value) > 0)
                    {
                        double low = At(value.Mean - Spread(value)), high = At(value.Mean + Spread(value));
                        canvas.Line("class=\"spread\"", low, middle, high, middle);
                        canvas.Line("class=\"spread\"", low, middle - 3, low, middle + 3);
                        canvas.Line("class=\"spread\"", high, middle - 3, high, middle + 3);
                        end = Math.Max(end, high);
                    }
                }

                canvas.Text(end + 5, middle + 4, Text(value));
            }
        }

        canvas.Close();
    }

    private static bool IsFinite(MeanStd value) => double.IsFinite(value.Mean);

    private static double Spread(MeanStd value) => value.Std is { } spread && double.IsFinite(spread) ? Math.Abs(spread) : 0;

    private static string Text(MeanStd value)
    {
        if (!IsFinite(value))
        {
            return "–";
        }

        string format = Math.Abs(value.Mean) switch { 0 => "0", >= 1e6 or < 1e-3 => "0.##e0", >= 1000 => "0", >= 10 => "0.0", >= 1 => "0.00", _ => "0.000" };
        return value.ToString(format);
    }
}
