using System.Globalization;
using System.Text;

namespace Tclr.Reports;

/// <summary>Renders the legend above a figure.</summary>
internal static class Legend
{
    /// <summary>Maximum number of names. The figure shows all names as tooltips.</summary>
    private const int MostNames = 32;

    public static void Lines(StringBuilder page, IReadOnlyList<string> names)
        => Append(page, names, i => $"<line x1=\"0\" y1=\"6\" x2=\"24\" y2=\"6\" stroke-width=\"2.5\" style=\"{Palette.Stroke(i)}\"/>", 24);

    public static void Shapes(StringBuilder page, IReadOnlyList<string> names)
        => Append(page, names, i => $"<path style=\"fill:{Palette.Color(i)}\" transform=\"translate(6 6) scale(1.5)\" d=\"M0 0{Palette.Shape(i)}\"/>", 12);

    public static void Bars(StringBuilder page, IReadOnlyList<string> names)
        => Append(page, names, i => $"<rect width=\"12\" height=\"12\" rx=\"2\" style=\"fill:{Palette.Color(i)}\"/>", 12);

    private static void Append(StringBuilder page, IReadOnlyList<string> names, Func<int, string> swatch, int width)
    {
        if (names.Count == 0)
        {
            return;
        }

        page.Append("<ul class=\"legend\">\n");
        for (int i = 0; i < Math.Min(names.Count, MostNames); i++)
        {
            page.Append(CultureInfo.InvariantCulture, $"<li><svg class=\"swatch\" viewBox=\"0 0 {width} 12\" style=\"width:{width}px\" aria-hidden=\"true\">{swatch(i)}</svg>{HtmlText.Encode(names[i])}</li>\n");
        }

        if (names.Count > MostNames)
        {
            page.Append(CultureInfo.InvariantCulture, $"<li class=\"soft\">and {names.Count - MostNames} more</li>\n");
        }

        page.Append("</ul>\n");
    }
}
