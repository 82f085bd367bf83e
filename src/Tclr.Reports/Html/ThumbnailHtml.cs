using System.Globalization;
using System.Text;

namespace Tclr.Reports;

/// <summary>Rows of pictures that wrap on a phone.</summary>
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

    /// <summary>What a picture's first bytes say that it is; null for anything but JPEG and PNG.</summary>
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
        // Right and wrong are told by a sign and a border's style too, not by color alone.
        var (style, sign, meaning) = image.Mark switch
        {
            ThumbnailMark.Reference => ("reference", string.Empty, string.Empty),
            ThumbnailMark.Right => ("right", "✓ ", "right: "),
            ThumbnailMark.Wrong => ("wrong", "✗ ", "wrong: "),
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
