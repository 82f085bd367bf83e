using System.Diagnostics;

namespace Tclr.Soak;

/// <summary>Runs <see cref="Work"/> in a process of its own.</summary>
internal static class Child
{
    private const int Killed = 137;

    /// <summary>Runs a process to its end.</summary>
    /// <param name="folder">Folder of its files.</param>
    /// <param name="killAfter">The time after which it is killed; <see langword="null"/> for never.</param>
    /// <param name="environment">Environment variables, as <c>NAME=value</c>.</param>
    /// <returns>The result, <see langword="null"/> if it was killed; the time; and the part that it had come to.</returns>
    public static (string? Result, TimeSpan Time, string Part) Run(string folder, TimeSpan? killAfter = null, params IEnumerable<string> environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add(typeof(Child).Assembly.Location);
        start.ArgumentList.Add("work");
        start.ArgumentList.Add(folder);
        foreach (string[] variable in environment.Select(variable => variable.Split('=')))
        {
            start.Environment[variable[0]] = variable[1];
        }

        var clock = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        using var timer = killAfter is { } delay ? new Timer(_ => process.Kill(), state: null, delay, Timeout.InfiniteTimeSpan) : null;
        string part = "start";
        string? result = null;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            (part, result) = line.Split(' ') is ["result", var hash] ? (part, hash) : (line, null);
        }

        process.WaitForExit();
        return process.ExitCode switch
        {
            0 => (result, clock.Elapsed, part),
            Killed when killAfter is not null => (null, clock.Elapsed, part),
            var code => throw new InvalidOperationException($"the process ended with {code} in '{part}' of {folder}"),
        };
    }
}
