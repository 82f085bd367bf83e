using System.Text.RegularExpressions;

namespace Tclr.Docs.Tests;

/// <summary>A command line of a page.</summary>
/// <param name="Page">The page.</param>
/// <param name="Text">The command, without its comment.</param>
internal sealed record Command(string Page, string Text)
{
    /// <summary>The words of the command, without quotes.</summary>
    public IReadOnlyList<string> Words { get; } = [.. Commands.Split(Text)];

    /// <summary>The arguments of the program <c>tclr</c>, however it is started; <see langword="null"/> for other commands.</summary>
    public IReadOnlyList<string>? Tclr
    {
        get
        {
            int program = Words[0] is "tclr" ? 0
                : Words is ["./build.sh" or "build.cmd", "tclr", ..] ? 1
                : Words is ["./build.sh" or "build.cmd", "demo", ..] ? 0
                : Words.ToList().FindIndex(word => word.EndsWith("Tclr.Console.dll", StringComparison.Ordinal));
            return program < 0 ? null : [.. Words.Skip(program + 1)];
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Page}: {Text}";
}

/// <summary>The command lines of the documentation.</summary>
internal static partial class Commands
{
    /// <summary>Those in blocks of code.</summary>
    public static IReadOnlyList<Command> All { get; } = [.. Pages.All.SelectMany(page => Lines(page).Select(line => new Command(page, line)))];

    /// <summary>Those of <c>tclr</c> and <c>build.sh</c> inside of sentences.</summary>
    public static IReadOnlyList<Command> InSentences { get; } =
        [.. Pages.All.SelectMany(page => Span().Matches(Pages.Prose(page)).Select(match => new Command(page, match.Groups["code"].Value)))];

    public static IEnumerable<string> Split(string line) => Word().Matches(line).Select(match => match.Groups["quoted"].Success ? match.Groups["quoted"].Value : match.Value);

    private static IEnumerable<string> Lines(string page) => Pages.Blocks(page, "bash")
        .SelectMany(block => block.Code.Replace("\\\n", " ", StringComparison.Ordinal).Split('\n'))
        .SelectMany(line => Comment().Replace(line, string.Empty).Split(" && ")).Select(line => line.Trim()).Where(line => line.Length > 0);

    [GeneratedRegex(@"'(?<quoted>[^']*)'|\S+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Word();

    [GeneratedRegex(@"(^|\s)#.*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?<!`)`(?<code>(\./build\.sh|build\.cmd|tclr) [^`]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Span();
}
