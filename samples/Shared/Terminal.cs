using System.CommandLine;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace Tclr.Samples;

/// <summary>How a program talks to its terminal, file or pipe, and how it is stopped. All samples share it.</summary>
internal static class Terminal
{
    private const int WidthOfLines = 200;

    private static readonly CancellationTokenSource stop = new();
    private static string program = string.Empty;
    private static SafeWriter output = null!;

    /// <summary>Whether output is plain lines, without colors and moving bars: into files and pipes, and where the environment asks for it.</summary>
    public static bool IsPlain { get; } = Console.IsOutputRedirected
        || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        || string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal)
        || Environment.GetEnvironmentVariable("CI") is { Length: > 0 } and not ("false" or "0");

    /// <summary>Sets output and culture up; to be called first.</summary>
    public static void SetUp(string name)
    {
        program = name;
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        Console.SetError(new SafeWriter(Console.IsErrorRedirected ? Console.Error : Plain(2) ?? Console.Error, _ => { }));
        output = new SafeWriter(Console.IsOutputRedirected ? Console.Out : Plain(1) ?? Console.Out, OutputFailed);
        Console.SetOut(output);

        // What Spectre.Console finds out by itself goes by TERM and by the names of build servers, and not by where the output goes.
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = IsPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = IsPlain ? InteractionSupport.No : InteractionSupport.Detect,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new Output(output),
        });
    }

    // Console's own writers send a terminal control characters before the first text.
    private static StreamWriter? Plain(int descriptor)
        => IsPlain && !OperatingSystem.IsWindows() ? new StreamWriter(new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 1)) : null;

    /// <summary>Runs the command. Ctrl-C, SIGTERM and SIGHUP cancel it, and it has a while to end well.</summary>
    public static async Task<int> InvokeAsync(Command command, string[] args, TimeSpan patience)
    {
        // Under nohup a closed terminal is to change nothing; a handler of our own would end that.
        using var hangup = OperatingSystem.IsWindows() || Hangup.IsIgnored ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            _ = stop.CancelAsync();
        });
        var invocation = new InvocationConfiguration { ProcessTerminationTimeout = patience, EnableDefaultExceptionHandler = false, Output = Console.Out, Error = Console.Error };
        int code = await command.Parse(args).InvokeAsync(invocation, stop.Token);
        await output.FlushAsync(CancellationToken.None);
        return output.Failure is null ? code : 1;
    }

    /// <summary>Says on standard error why the program ends.</summary>
    public static Task FailAsync(string message) => Console.Error.WriteLineAsync($"{program}: {message}");

    // What is computed and saved does not depend on what is shown: the run goes on, and the exit code tells.
    private static void OutputFailed(IOException failure)
    {
        string file = OperatingSystem.IsLinux() && File.ResolveLinkTarget("/proc/self/fd/1", returnFinalTarget: false) is { } target ? $" ('{target.FullName}')" : string.Empty;
        Console.Error.WriteLine($"{program}: standard output{file} cannot be written: {failure.Message}. The run goes on without it, saves what it makes, and ends with exit code 1.");
    }

    private sealed class Output(TextWriter writer) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => !IsPlain;

        // Plain lines are not broken.
        public int Width => IsPlain ? WidthOfLines : Math.Max(40, Console.BufferWidth);

        public int Height => IsPlain ? WidthOfLines : Math.Max(10, Console.WindowHeight);

        public void SetEncoding(System.Text.Encoding encoding)
        {
            if (IsTerminal)
            {
                Console.OutputEncoding = encoding;
            }
        }
    }
}
