using System.Text.RegularExpressions;

namespace Tclr.Docs.Tests;

/// <summary>The pages of the documentation.</summary>
internal static partial class Pages
{
    /// <summary>The checkout.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", ".."));

    /// <summary>Paths of all pages, relative to the checkout.</summary>
    public static IEnumerable<string> All { get; } =
    [
        .. new[] { "docs", "eng/readme", "samples", "templates/content" }.SelectMany(folder => Directory.GetFiles(Path.Combine(Root, folder), "*.md", SearchOption.AllDirectories))
            .Concat(Directory.GetFiles(Root, "*.md")).Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    public static string Read(string page) => File.ReadAllText(Path.Combine(Root, page)).ReplaceLineEndings("\n");

    /// <summary>A page without its blocks of code.</summary>
    public static string Prose(string page) => Fence().Replace(Read(page), string.Empty);

    /// <summary>The blocks of code in a language, with the lines where they start.</summary>
    public static IEnumerable<(int Line, string Code)> Blocks(string page, string language)
    {
        string text = Read(page);
        return Fence().Matches(text).Where(match => string.Equals(match.Groups["language"].Value, language, StringComparison.Ordinal))
            .Select(match => (text[..match.Groups["code"].Index].Count(c => c == '\n') + 1, match.Groups["code"].Value));
    }

    /// <summary>Declarations in comments of the page, which its examples take for granted.</summary>
    public static IEnumerable<string> Given(string page) => Declaration().Matches(Read(page)).Select(match => match.Groups["code"].Value);

    [GeneratedRegex(@"<!-- given: (?<code>.*?) -->", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^```(?<language>\w*)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Fence();
}
