using System.Text;
using System.Text.RegularExpressions;

namespace Tclr.Docs.Tests;

/// <summary>Links between pages lead to files and headings that are there.</summary>
public sealed partial class LinkTests
{
    [TestCaseSource(typeof(Pages), nameof(Pages.All))]
    public void Links_lead_somewhere(string page)
    {
        string text = Code().Replace(Pages.Read(page), string.Empty), folder = Path.GetDirectoryName(Path.Combine(Pages.Root, page))!;
        var broken = new List<string>();
        foreach (string target in Link().Matches(text).Select(match => match.Groups["target"].Value).Where(target => !Address().IsMatch(target)))
        {
            string[] parts = target.Split('#', 2);
            string file = parts[0].Length == 0 ? Path.Combine(Pages.Root, page) : Path.GetFullPath(Path.Combine(folder, parts[0]));
            if (!File.Exists(file) && !Directory.Exists(file))
            {
                broken.Add($"{target}: no such file");
            }
            else if (parts.Length == 2 && !Headings(file).Contains(parts[1], StringComparer.Ordinal))
            {
                broken.Add($"{target}: no such heading, only {string.Join(", ", Headings(file))}");
            }
        }

        Assert.That(broken, Is.Empty, page);
    }

    [Test]
    public void Every_page_of_the_site_is_in_a_table_of_contents()
    {
        string docs = Path.Combine(Pages.Root, "docs");
        var listed = Directory.GetFiles(docs, "toc.yml", SearchOption.AllDirectories)
            .SelectMany(toc => Entry().Matches(File.ReadAllText(toc)).Select(match => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(toc)!, match.Groups["target"].Value.Trim()))))
            .ToHashSet(StringComparer.Ordinal);

        Assert.That(listed.Where(file => !file.Contains("api", StringComparison.Ordinal) && !Path.Exists(file)), Is.Empty);
        Assert.That(Directory.GetFiles(docs, "*.md", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) is not "index.md" && !listed.Contains(file)), Is.Empty);
    }

    // As GitHub and docfx make them.
    private static IEnumerable<string> Headings(string file) => Heading().Matches(Code().Replace(File.ReadAllText(file).ReplaceLineEndings("\n"), string.Empty)).Select(match =>
    {
        var anchor = new StringBuilder();
        foreach (char c in match.Groups["text"].Value.Trim().ToLowerInvariant())
        {
            anchor.Append(char.IsLetterOrDigit(c) || c is '-' or '_' ? c.ToString() : c == ' ' ? "-" : string.Empty);
        }

        return anchor.ToString();
    });

    [GeneratedRegex(@"^```.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^(https?:|mailto:|xref:)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Address();

    [GeneratedRegex(@"^#{1,6} (?<text>.+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"href: (?<target>\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Entry();
}
