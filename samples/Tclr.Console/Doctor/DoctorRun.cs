using System.Diagnostics;
using System.Text.Json;
using Spectre.Console;

namespace Tclr.Cli;

/// <summary>Runs the checks and prints a line for each. What loads native code runs in a process of its own, whose crash is a finding.</summary>
internal sealed class DoctorRun(DoctorOptions options)
{
    private static readonly JsonSerializerOptions Indented = new(Finding.Json) { WriteIndented = true };
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(5);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (options.Part is { } part)
        {
            await foreach (var finding in ChecksAsync(part, cancellationToken))
            {
                Console.WriteLine(JsonSerializer.Serialize(finding, Finding.Json));
            }

            return;
        }

        var found = new List<Finding>();
        foreach (string name in options.Folder is null ? (string[])["torch", "video"] : ["torch", "video", "data"])
        {
            await foreach (var finding in OfProcessAsync(name, Command(name), TimeLimit, cancellationToken))
            {
                found.Add(finding);
                Show(finding);
            }
        }

        int faults = found.Count(finding => finding.Status == Health.Fault);
        if (options.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { ok = faults == 0, checks = found }, Indented));
        }

        if (faults > 0)
        {
            throw new UsageException(options.Json ? string.Empty : $"{faults} of {found.Count} checks found a fault");
        }
    }

    /// <summary>Findings of a process that writes them as lines of JSON. That it crashes or does not end is one more.</summary>
    internal static async IAsyncEnumerable<Finding> OfProcessAsync(string part, ProcessStartInfo command, TimeSpan limit, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var process = Process.Start(command)!;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(limit);
        using var kill = end.Token.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (line.StartsWith('{'))
            {
                yield return JsonSerializer.Deserialize<Finding>(line, Finding.Json)!;
            }
        }

        await process.WaitForExitAsync(CancellationToken.None);
        cancellationToken.ThrowIfCancellationRequested();
        if (end.IsCancellationRequested)
        {
            yield return new Finding(part, Health.Fault, $"the checks did not end within {limit.TotalMinutes:0.#} minutes", "Look for a file system that hangs.");
        }
        else if (process.ExitCode != 0)
        {
            string last = (await errors).Trim().Split('\n')[^1];
            yield return new Finding(part, Health.Fault, $"the checks ended with exit code {process.ExitCode}{(last.Length > 0 ? ": " + last : string.Empty)}", process.ExitCode > 128 ? "A native library crashed: install it anew, in the version that docs/platforms.md names." : null);
        }
    }

    private IAsyncEnumerable<Finding> ChecksAsync(string part, CancellationToken cancellationToken) => part switch
    {
        "torch" => new ComputeChecks(options).Run().ToAsyncEnumerable(),
        "video" => VideoChecks.Run().ToAsyncEnumerable(),
        _ => new DataChecks(options).RunAsync(cancellationToken),
    };

    // This program once more, with the same arguments.
    private static ProcessStartInfo Command(string part)
    {
        string[] own = Environment.GetCommandLineArgs();
        string host = Environment.ProcessPath!;
        bool isDotnet = Path.GetFileNameWithoutExtension(host).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return new ProcessStartInfo(host, [.. isDotnet ? own : own[1..], "--part", part]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
    }

    private void Show(Finding finding)
    {
        if (options.Json)
        {
            return;
        }

        string color = finding.Status switch { Health.Ok => "green", Health.Warning => "yellow", _ => "red" };
        AnsiConsole.MarkupLine($"[{color}]{finding.Status.ToString().ToLowerInvariant(),-8}[/] {Markup.Escape(finding.Check),-10} {Markup.Escape(finding.Message)}");
        if (finding.Advice is { } advice)
        {
            AnsiConsole.MarkupLine($"{string.Empty,19} -> {Markup.Escape(advice)}");
        }
    }
}
