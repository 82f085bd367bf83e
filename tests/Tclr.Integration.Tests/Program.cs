using System.Diagnostics;

namespace Tclr.Integration.Tests;

/// <summary>Runs programs as a user would and gives back what they said.</summary>
internal static class Program
{
    public sealed record Outcome(int ExitCode, string Output, string Errors)
    {
        public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
    }

    /// <summary>The quickstart, built beside the tests.</summary>
    public static string Quickstart { get; } = Sample("Quickstart");

    /// <summary>The ablation, built beside the tests.</summary>
    public static string Ablation { get; } = Sample("Ablation");

    /// <summary>The pre-training program, built beside the tests.</summary>
    public static string Pretrain { get; } = Quickstart.Replace("Quickstart", "Pretrain", StringComparison.Ordinal);

    /// <summary>The evaluation program, built beside the tests.</summary>
    public static string Evaluate { get; } = Quickstart.Replace("Quickstart", "Evaluate", StringComparison.Ordinal);

    /// <summary>debug or release, as the tests themselves.</summary>
    public static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Name;

    /// <summary>The checkout.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", ".."));

    public static async Task<Outcome> RunAsync(string folder, IReadOnlyDictionary<string, string>? environment, string file, params string[] arguments)
    {
        using var process = Start(folder, environment, file, arguments);
        return await EndAsync(process);
    }

    public static Task<Outcome> QuickstartAsync(string folder, params string[] arguments) => RunAsync(folder, null, "dotnet", [Quickstart, .. arguments]);

    public static Task<Outcome> AblationAsync(string folder, params string[] arguments) => RunAsync(folder, null, "dotnet", [Ablation, .. arguments]);

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

    private static string Sample(string name) => Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", name, Configuration, name + ".dll"));
}
