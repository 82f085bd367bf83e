using System.Globalization;
using System.Text;

namespace Tclr.Reports;

/// <summary>Renders a <see cref="ThumbnailGrid"/>. Rows wrap on narrow screens.</summary>
internal static class ThumbnailHtml
{
    public static void Append(StringBuilder page, ThumbnailGrid grid)
    {
        foreach (var row in grid.Rows)
        {
            page.Append("<div class=\"row\">");
            if (row.Name.Length > 0)
            {
                page.Append(CultureInfo.InvariantCulture, $"<p>{HtmlText.Encode(row.Name)}</p>");
            }

            page.Append("<ul class=\"thumbs\">\n");
            foreach (var image in row.Images)
            {
                Append(page, image);
            }

            page.Append("</ul></div>\n");
        }
    }

    /// <summary>The media type by the first bytes of a picture; null unless it is JPEG or PNG.</summary>
    public static string? MediaType(ReadOnlySpan<byte> data)
    {
        if (data.StartsWith<byte>([0xFF, 0xD8, 0xFF]))
        {
            return "image/jpeg";
        }

        return data.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G']) ? "image/png" : null;
    }

    private static void Append(StringBuilder page, Thumbnail image)
    {
        // Correct and incorrect also differ in a sign and in the border's style, not by color alone.
        var (style, sign, meaning) = image.Mark switch
        {
            ThumbnailMark.Reference => ("reference", string.Empty, string.Empty),
            ThumbnailMark.Correct => ("right", "✓ ", "correct: "),
            ThumbnailMark.Incorrect => ("wrong", "✗ ", "incorrect: "),
            _ => ("plain", string.Empty, string.Empty),
        };
        string caption = HtmlText.Encode(image.Caption);
        page.Append(CultureInfo.InvariantCulture, $"<li class=\"{style}\">");
        if (image.Data.IsEmpty)
        {
            page.Append("<div class=\"missing\">no picture</div>");
        }
        else
        {
            page.Append(CultureInfo.InvariantCulture, $"<img alt=\"{meaning}{caption}\" decoding=\"async\" src=\"data:{MediaType(image.Data.Span)};base64,{Convert.ToBase64String(image.Data.Span)}\"/>");
        }

        page.Append(CultureInfo.InvariantCulture, $"<span title=\"{caption}\">{sign}{caption}</span></li>\n");
    }
}
