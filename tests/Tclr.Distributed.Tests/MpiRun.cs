using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Tclr.Distributed.Tests;

/// <summary>Starts this assembly as several processes.</summary>
internal sealed class MpiRun : IDisposable
{
    // Generous: a busy machine is slow, but does not hang.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder folder = new();
    private readonly StringBuilder output = new();
    private readonly Lock gate = new();
    private readonly Process process;

    private MpiRun(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment.Concat(MpiLauncher.Environment(folder.Path)))
        {
            start.Environment[name] = value;
        }

        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>All that the processes wrote, as far as it came.</summary>
    public string Output
    {
        get
        {
            lock (gate)
            {
                return output.ToString();
            }
        }
    }

    public int Id => process.Id;

    /// <summary>Starts a scenario under a launcher; skips the test if there is none.</summary>
    public static MpiRun Start(int processes, string scenario, string launcher = MpiLauncher.OpenMpi)
        => new(MpiLauncher.Find(launcher), ["-n", processes.ToString(CultureInfo.InvariantCulture), .. Worker(scenario)], new Dictionary<string, string>(StringComparer.Ordinal));

    /// <summary>Starts a scenario as one process, without a launcher.</summary>
    public static MpiRun StartAlone(string scenario, params (string Name, string Value)[] environment)
        => new("dotnet", Worker(scenario)[1..], environment.ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal));

    /// <summary>Runs a scenario to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(int processes, string scenario, string launcher = MpiLauncher.OpenMpi)
    {
        using var run = Start(processes, scenario, launcher);
        return await run.EndAsync();
    }

    /// <summary>Waits until the processes wrote a text a number of times.</summary>
    public async Task WaitForAsync(string text, int times)
    {
        long start = Stopwatch.GetTimestamp();
        while (Output.Split(text).Length <= times)
        {
            Assert.That(!process.HasExited && Stopwatch.GetElapsedTime(start) < Limit, Is.True, $"'{text}' is awaited {times} times: {Output}");
            await Task.Delay(10);
        }
    }

    /// <summary>Waits for the end of all processes.</summary>
    public async Task<(int ExitCode, string Output)> EndAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the job did not end within {Limit}: {Output}");
        }

        return (process.ExitCode, Output);
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        process.Dispose();
        folder.Dispose();
    }

    private static string[] Worker(string scenario) => ["dotnet", typeof(MpiRun).Assembly.Location, scenario];

    private void Add(string? line)
    {
        if (line is not null)
        {
            lock (gate)
            {
                output.AppendLine(line);
            }
        }
    }
}
