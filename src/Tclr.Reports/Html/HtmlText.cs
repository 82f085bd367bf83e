using System.Globalization;
using System.Net;
using System.Text;

namespace Tclr.Reports;

/// <summary>Text and numbers as they stand in the page.</summary>
internal static class HtmlText
{
    private const char Replacement = '\uFFFD';

    /// <summary>Makes text safe to stand between tags and in attributes; characters that no document may hold are replaced.</summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(Clean(text));

    /// <summary>Replaces control characters and halves of surrogate pairs.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            bool control = Rune.IsControl(rune) && rune.Value is not ('\t' or '\n' or '\r');
            clean.Append(control || rune.Value is 0xFFFE or 0xFFFF ? Replacement.ToString() : rune.ToString());
        }

        return clean.ToString();
    }

    /// <summary>Shortens a name to what fits into a drawing, not encoded.</summary>
    public static string Shorten(string text, int length)
    {
        string line = string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        var elements = new StringInfo(line);
        return elements.LengthInTextElements <= length ? line : elements.SubstringByTextElements(0, length - 1) + "…";
    }

    /// <summary>A number with about three digits that matter.</summary>
    public static string Short(double value) => Math.Abs(value) switch
    {
        double.NaN => "–",
        0 => "0",
        >= 1e6 or < 1e-3 => value.ToString("0.##e0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };
}
