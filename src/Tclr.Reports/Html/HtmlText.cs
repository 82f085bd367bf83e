using System.Globalization;
using System.Net;
using System.Text;

namespace Tclr.Reports;

/// <summary>Encodes and shortens text, and formats numbers.</summary>
internal static class HtmlText
{
    private const char Replacement = '\uFFFD';

    /// <summary>Encodes text for elements and attributes, and replaces characters that HTML does not allow.</summary>
    public static string Encode(string text) => WebUtility.HtmlEncode(Clean(text));

    /// <summary>Replaces control characters and unpaired surrogates.</summary>
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

    /// <summary>Shortens a name to a number of characters; does not encode it.</summary>
    public static string Shorten(string text, int length)
    {
        string line = string.Join(' ', text.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        var elements = new StringInfo(line);
        return elements.LengthInTextElements <= length ? line : elements.SubstringByTextElements(0, length - 1) + "…";
    }

    /// <summary>Formats a number with about three significant digits.</summary>
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
