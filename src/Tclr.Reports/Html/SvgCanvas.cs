using System.Globalization;
using System.Text;

namespace Tclr.Reports;

/// <summary>Writes an inline SVG drawing, 400 units wide.</summary>
internal sealed class SvgCanvas
{
    public const double Width = 400;

    /// <summary>Approximate mean width of a character.</summary>
    public const double CharacterWidth = 6.3;

    private readonly StringBuilder page;

    public SvgCanvas(StringBuilder page, double height, string title)
    {
        this.page = page;
        page.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {height:0.#}\" role=\"img\"><title>{HtmlText.Encode(title)}</title>\n");
    }

    public void Line(string style, double x1, double y1, double x2, double y2)
        => page.Append(CultureInfo.InvariantCulture, $"<line {style} x1=\"{x1:0.#}\" y1=\"{y1:0.#}\" x2=\"{x2:0.#}\" y2=\"{y2:0.#}\"/>\n");

    public void Rectangle(string style, double x, double y, double width, double height, string? title = null)
    {
        page.Append(CultureInfo.InvariantCulture, $"<rect {style} x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\"");
        page.Append(title is null ? "/>\n" : $"><title>{HtmlText.Encode(title)}</title></rect>\n");
    }

    /// <summary>Writes a line of text; <paramref name="anchor"/> is start, middle or end.</summary>
    public void Text(double x, double y, string text, string anchor = "start", string extra = "")
    {
        if (text.Length > 0)
        {
            page.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"{anchor}\"{extra}>{HtmlText.Encode(text)}</text>\n");
        }
    }

    public void Text(double x, double y, string text, int degrees)
        => Text(x, y, text, "end", string.Create(CultureInfo.InvariantCulture, $" transform=\"rotate({degrees} {x:0.#} {y:0.#})\""));

    /// <summary>Writes the label of a vertical axis, rotated and centered.</summary>
    public void VerticalText(double x, double y, string text)
        => Text(x, y, text, "middle", string.Create(CultureInfo.InvariantCulture, $" transform=\"rotate(-90 {x:0.#} {y:0.#})\""));

    public void Path(string style, StringBuilder path, string? title = null)
    {
        page.Append(CultureInfo.InvariantCulture, $"<path {style} d=\"").Append(path);
        page.Append(title is null ? "\"/>\n" : $"\"><title>{HtmlText.Encode(title)}</title></path>\n");
    }

    public void Polyline(string style, IEnumerable<(double X, double Y)> points, string title)
    {
        page.Append(CultureInfo.InvariantCulture, $"<polyline style=\"{style}\" points=\"");
        page.AppendJoin(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#},{point.Y:0.#}")));
        page.Append(CultureInfo.InvariantCulture, $"\"><title>{HtmlText.Encode(title)}</title></polyline>\n");
    }

    public void Disc(string style, double x, double y)
        => page.Append(CultureInfo.InvariantCulture, $"<circle style=\"{style}\" cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"2.6\"/>\n");

    public void Close() => page.Append("</svg>\n");
}
