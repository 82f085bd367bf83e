using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Tclr.Docs.Tests;

/// <summary>Commands of the documentation name verbs and options that the programs have.</summary>
public sealed partial class CommandTests
{
    private static readonly string[] Languages = ["", "sh", "bash"];

    [Test]
    public async Task Commands_of_tclr_have_the_verbs_and_options_that_they_use()
    {
        var commands = Pages.All.SelectMany(page => Lines(page).Select(line => (Page: page, Line: line)))
            .Select(entry => (entry.Page, entry.Line, Match: Tclr().Match(entry.Line))).Where(entry => entry.Match.Success).ToList();
        Assert.That(commands, Has.Count.GreaterThan(15));
        var help = new Dictionary<string, string>(StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var (page, line, match) in commands)
        {
            string[] words = match.Groups["arguments"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string[] verbs = [.. words.TakeWhile((word, i) => Verb().IsMatch(word) && (i == 0 || words[0] is "evaluate" or "report") && i < 2)];
            string name = string.Join(' ', verbs);
            if (!help.TryGetValue(name, out string? known))
            {
                help[name] = known = await HelpAsync(verbs);
            }

            if (known.Length == 0)
            {
                wrong.Add($"{page}: {line}: there is no '{name}'");
            }

            wrong.AddRange(words.Where(word => word.StartsWith("--", StringComparison.Ordinal)).Select(word => word.Split('=')[0]).Where(option => !Regex.IsMatch(known, Regex.Escape(option) + @"(?![\w-])", RegexOptions.None, TimeSpan.FromSeconds(1)))
                .Select(option => $"{page}: {line}: '{name}' has no {option}"));
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Commands_of_build_sh_and_build_cmd_have_their_verbs()
    {
        string unix = File.ReadAllText(Path.Combine(Pages.Root, "build.sh")), windows = File.ReadAllText(Path.Combine(Pages.Root, "build.cmd"));
        var verbs = Pages.All.SelectMany(page => Build().Matches(Pages.Read(page)).Select(match => (page, Windows: match.Groups["system"].Value is "cmd", Verb: match.Groups["verb"].Value))).ToList();

        Assert.That(verbs, Has.Count.GreaterThan(10));
        Assert.That(verbs.Where(entry => !entry.Windows && !Regex.IsMatch(unix, $@"^  (\w+ \| )?{entry.Verb}( \| [\w-]+)*\)", RegexOptions.Multiline, TimeSpan.FromSeconds(1))), Is.Empty);
        Assert.That(verbs.Where(entry => entry.Windows && !Regex.IsMatch(windows, $@"\b{entry.Verb}\b", RegexOptions.None, TimeSpan.FromSeconds(1))), Is.Empty);
    }

    [Test]
    public void Versions_in_commands_are_those_of_the_packages()
    {
        string props = File.ReadAllText(Path.Combine(Pages.Root, "Directory.Packages.props"));
        var versions = Pages.All.SelectMany(page => Version().Matches(Pages.Read(page)).Select(match => (page, Package: match.Groups["package"].Value, Number: match.Groups["version"].Value))).ToList();

        Assert.That(versions, Has.Count.GreaterThan(2));
        Assert.That(versions.Where(entry => !props.Contains($"{(entry.Package.StartsWith("TorchSharp", StringComparison.Ordinal) ? "TorchSharp" : "OpenCvSharp")}Version>{entry.Number}<", StringComparison.Ordinal)), Is.Empty);
    }

    private static IEnumerable<string> Lines(string page) => Languages.SelectMany(language => Pages.Blocks(page, language)).SelectMany(block => block.Code.Split('\n'))
        .Concat(Pages.Read(page).Split('\n').Where(line => line.StartsWith("    ./build.sh", StringComparison.Ordinal)).Select(line => line.Trim()));

    private static async Task<string> HelpAsync(string[] verbs)
    {
        string program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Tclr.Console", new DirectoryInfo(AppContext.BaseDirectory).Name, "Tclr.Console.dll"));
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. verbs, "--help"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await Task.WhenAll(errors, process.WaitForExitAsync());
        return process.ExitCode == 0 ? output : string.Empty;
    }

    [GeneratedRegex(@"^(\./build\.sh |build\.cmd )?(?<!\S)tclr (?<arguments>[^#]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Tclr();

    [GeneratedRegex(@"^[a-z]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Verb();

    [GeneratedRegex(@"build\.(?<system>sh|cmd) (?<verb>[a-z]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Build();

    [GeneratedRegex(@"add package (?<package>\S+) --version (?<version>[\d.]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Version();
}
