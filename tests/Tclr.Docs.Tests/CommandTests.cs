using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Tclr.Docs.Tests;

/// <summary>Commands of the documentation name verbs and options that the programs have.</summary>
public sealed partial class CommandTests
{
    // What 'tclr' is given beside a command, so that it names what it cannot read and does not run. The second is for verbs that take the first for a value.
    private static readonly string[] Unknown = ["--unknown-1", "--unknown-2"];

    [Test]
    public async Task Commands_of_tclr_are_read_by_the_program()
    {
        // 'report compare' takes any number of values; DocumentedCommandTests run it.
        var commands = Commands.All.Where(command => command.Tclr is not null and not ["report", ..]).DistinctBy(command => command.Text, StringComparer.Ordinal).ToList();
        Assert.That(commands, Has.Count.GreaterThan(20));
        var wrong = new List<string>();
        foreach (var command in commands)
        {
            var (code, _, errors) = await TclrAsync([.. command.Tclr!, .. Unknown]);
            var complaints = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            Assert.That(code, Is.EqualTo(1), $"{command}: {errors}");
            Assert.That(complaints, Has.Some.Contains("--unknown"), $"{command}: {errors}");
            wrong.AddRange(complaints.Where(line => !line.Contains("--unknown", StringComparison.Ordinal) && !line.EndsWith("--help' lists what there is.", StringComparison.Ordinal)).Select(line => $"{command}: {line}"));
        }

        Assert.That(wrong, Is.Empty);
    }

    [TestCaseSource(typeof(Pages), nameof(Pages.All))]
    public void Commands_are_in_blocks_with_a_language(string page)
    {
        Assert.That(Pages.Blocks(page, string.Empty), Is.Empty, "write ```bash");
        Assert.That(Pages.Prose(page).Split('\n').Where(line => Indented().IsMatch(line)), Is.Empty, "indented commands are not found by the tests: write ```bash");
    }

    // Sentences have parts of commands.
    [Test]
    public async Task Verbs_and_options_of_tclr_in_sentences_are_there()
    {
        var commands = Commands.InSentences.Where(command => command.Tclr is { Count: > 0 }).ToList();
        Assert.That(commands, Has.Count.GreaterThan(20));
        var help = new Dictionary<string, string>(StringComparer.Ordinal);
        var wrong = new List<string>();
        foreach (var command in commands)
        {
            string[] words = [.. command.Tclr!.Select(word => word is "VERB" ? "retrieval" : word)];
            string[] verbs = [.. words.TakeWhile((word, i) => Verb().IsMatch(word) && (i == 0 || words[0] is "evaluate" or "report") && i < 2)];
            string name = string.Join(' ', verbs);
            if (!help.TryGetValue(name, out string? known))
            {
                var (code, output, _) = await TclrAsync([.. verbs, "--help"]);
                help[name] = known = code == 0 ? output : string.Empty;
            }

            if (known.Length == 0)
            {
                wrong.Add($"{command}: there is no '{name}'");
            }

            wrong.AddRange(words.Where(word => word.StartsWith("--", StringComparison.Ordinal) && !Regex.IsMatch(known, Regex.Escape(word) + @"(?![\w-])", RegexOptions.None, TimeSpan.FromSeconds(1))).Select(option => $"{command}: '{name}' has no {option}"));
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Recipes_in_commands_are_there()
    {
        var named = Commands.All.Where(command => command.Tclr is ["pretrain" or "demo", ..]).SelectMany(command => command.Words.Zip(command.Words.Skip(1)).Where(pair => pair.First is "--recipe").Select(pair => (command, Recipe: pair.Second))).ToList();

        Assert.That(named, Has.Count.GreaterThan(3));
        Assert.That(named.Where(entry => !TclrRecipes.All.ContainsKey(entry.Recipe) && !entry.Recipe.EndsWith(".json", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task A_wrong_command_would_be_found()
    {
        var (code, _, errors) = await TclrAsync(["pretrain", "--video", "videos", "--steps", "0", .. Unknown]);

        Assert.That(code, Is.EqualTo(1));
        Assert.That(errors, Does.Contain("'--video'").And.Contain("--steps: expected 1 or more, got 0").And.Contain("--unknown-1"));
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

    private static async Task<(int Code, string Output, string Errors)> TclrAsync(string[] arguments)
    {
        string program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Tclr.Console", new DirectoryInfo(AppContext.BaseDirectory).Name, "Tclr.Console.dll"));
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output, await errors);
    }

    [GeneratedRegex(@"^\s{4,}(\./build\.sh|build\.cmd|tclr|dotnet|mpirun|export) ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Indented();

    [GeneratedRegex(@"^[a-z]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Verb();

    [GeneratedRegex(@"build\.(?<system>sh|cmd) (?<verb>[a-z]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Build();

    [GeneratedRegex(@"add package (?<package>\S+) --version (?<version>[\d.]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Version();
}
