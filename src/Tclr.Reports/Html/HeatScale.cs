using System.Globalization;

namespace Tclr.Reports;

/// <summary>The color scale of a <see cref="HeatMap"/>.</summary>
internal sealed class HeatScale
{
    private const int KeySteps = 12;
    private readonly double low;
    private readonly double high;
    private readonly bool signed;

    public HeatScale(HeatMap map)
    {
        var finite = map.Values.Cast<double>().Where(double.IsFinite).ToList();
        double largest = finite.Count > 0 ? finite.Max() : 1, smallest = finite.Count > 0 ? finite.Min() : 0;
        signed = smallest < 0;
        low = signed ? 0 : map.Low;
        high = map.High ?? (signed ? Math.Max(Math.Abs(smallest), largest) : largest);
        high = high > low ? high : low + 1;
    }

    /// <summary>The opacity of a value's color, 0 to 1; negative for the other color of a diverging scale, 0 for NaN.</summary>
    public double Share(double value) => double.IsNaN(value) ? 0 : Math.Clamp((value - low) / (high - low), signed ? -1 : 0, 1);

    /// <summary>The SVG attributes of a cell.</summary>
    public static string Ink(double share)
        => string.Create(CultureInfo.InvariantCulture, $"class=\"{(share < 0 ? "cold" : "heat")}\" fill-opacity=\"{Math.Abs(share):0.###}\"");

    /// <summary>Draws the scale with its ends.</summary>
    public void Key(SvgCanvas canvas, double x, double y)
    {
        double from = signed ? -high : low;
        string start = HtmlText.Short(from);
        canvas.Text(x, y + 9, start);
        x += (SvgCanvas.CharacterWidth * start.Length) + 6;
        for (int i = 0; i < KeySteps; i++)
        {
            double share = (i + 0.5) / KeySteps;
            canvas.Rectangle(Ink(signed ? (2 * share) - 1 : share), x + (8 * i), y, 8, 10);
        }

        canvas.Rectangle("class=\"frame\"", x, y, 8 * KeySteps, 10);
        canvas.Text(x + (8 * KeySteps) + 6, y + 9, HtmlText.Short(high));
    }
}
