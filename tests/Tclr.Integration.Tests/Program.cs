using System.Diagnostics;

namespace Tclr.Integration.Tests;

/// <summary>Runs programs as a user would and gives back what they said.</summary>
internal static class Program
{
    public sealed record Outcome(int ExitCode, string Output, string Errors)
    {
        public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
    }

    /// <summary>The console app with each of its verbs, as arguments of <c>dotnet</c>.</summary>
    public static string[] Demo { get; } = Verb("demo");

    public static string[] Pretrain { get; } = Verb("pretrain");

    public static string[] Evaluate { get; } = Verb("evaluate");

    /// <summary>The program that writes features of windows, for <c>dotnet</c>.</summary>
    public static string[] Features { get; } = Verb("features");

    public static string[] Ablate { get; } = Verb("ablate");

    public static string[] Doctor { get; } = Verb("doctor");

    /// <summary>debug or release, as the tests themselves.</summary>
    public static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Name;

    /// <summary>The checkout.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", ".."));

    public static async Task<Outcome> RunAsync(string folder, IReadOnlyDictionary<string, string>? environment, string file, params string[] arguments)
    {
        using var process = Start(folder, environment, file, arguments);
        return await EndAsync(process);
    }

    public static Task<Outcome> DemoAsync(string folder, params string[] arguments) => RunAsync(folder, null, "dotnet", [.. Demo, .. arguments]);

    public static Task<Outcome> AblateAsync(string folder, params string[] arguments) => RunAsync(folder, null, "dotnet", [.. Ablate, .. arguments]);

    public static Process Start(string folder, IReadOnlyDictionary<string, string>? environment, string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { WorkingDirectory = folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public static async Task<Outcome> EndAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Outcome(process.ExitCode, await output, await errors);
    }

    /// <summary>A program in samples/, built beside the tests.</summary>
    public static string Sample(string name) => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", name, Configuration, name + ".dll"));

    private static string[] Verb(string verb) => [Sample("Tclr.Console"), verb];
}
