using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;
using Tclr.Distributed;

namespace Tclr.Cli;

/// <summary>The terminal, file or pipe behind the program: what it is told, how errors end the program, and how signals stop it.</summary>
internal static class Terminal
{
    private const int WidthOfLines = 200;

    // Finishing a step and saving a checkpoint takes longer than the two seconds that are the default.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly CancellationTokenSource stop = new();
    private static string program = "tclr";
    private static bool muted;
    private static SafeWriter output = null!;

    /// <summary>Whether output is plain lines, without colors and moving bars: into files and pipes, under <c>mpirun</c>, and where the environment asks for it.</summary>
    public static bool IsPlain { get; } = Console.IsOutputRedirected || Collectives.IsLaunched
        || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        || string.Equals(Environment.GetEnvironmentVariable("TERM"), "dumb", StringComparison.Ordinal)
        || Environment.GetEnvironmentVariable("CI") is { Length: > 0 } and not ("false" or "0");

    /// <summary>Sets output and culture up; to be called first.</summary>
    public static void SetUp()
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        Console.SetError(new SafeWriter(Console.IsErrorRedirected ? Console.Error : Plain(2) ?? Console.Error, _ => { }));
        output = new SafeWriter(Console.IsOutputRedirected ? Console.Out : Plain(1) ?? Console.Out, OutputFailed);
        Console.SetOut(output);

        // What Spectre.Console detects by itself depends on TERM and on the names of build servers, and not on where the output goes.
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = IsPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Interactive = IsPlain ? InteractionSupport.No : InteractionSupport.Detect,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new Output(output),
        });
    }

    /// <summary>Writes nothing from now on: of several processes, one speaks for all.</summary>
    public static void Mute()
    {
        muted = true;
        Console.SetOut(TextWriter.Null);
        AnsiConsole.Console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new Output(TextWriter.Null) });
    }

    /// <summary>Runs the verb that the arguments name. Ctrl-C, SIGTERM and SIGHUP cancel it, and it has a while to end well.</summary>
    public static async Task<int> InvokeAsync(Command root, string[] args)
    {
        // Under nohup a closed terminal is to change nothing; a handler of our own would end that.
        using var hangup = OperatingSystem.IsWindows() || IsHangupIgnored() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            _ = stop.CancelAsync();
        });
        var parsed = root.Parse(args.Length > 0 ? args : ["--help"]);
        program = string.Join(' ', ((string[])["tclr", .. args]).TakeWhile((_, i) => i == 0 || IsVerb(parsed, args[i - 1])));
        if (parsed.Action is ParseErrorAction)
        {
            // An unknown verb is a missing one too.
            foreach (var error in parsed.Errors.Skip(parsed.UnmatchedTokens.Count > 0 && parsed.CommandResult.Command.Action is null ? 1 : 0))
            {
                await FailAsync(error.Message);
            }

            await Console.Error.WriteLineAsync($"'{program} --help' lists what there is.");
            return 1;
        }

        var invocation = new InvocationConfiguration { ProcessTerminationTimeout = Patience, EnableDefaultExceptionHandler = false, Output = Console.Out, Error = Console.Error };
        int code = await parsed.InvokeAsync(invocation, stop.Token);
        await output.FlushAsync(CancellationToken.None);
        return output.Failure is not null || args.Length == 0 ? 1 : code;
    }

    /// <summary>Runs the work of a verb and turns how it ends into one message and the exit code: 0 done, 1 an error, 130 stopped. Of several processes, the one that speaks tells the code: a launcher ends them all at the first that is not 0.</summary>
    public static async Task<int> GuardAsync(Func<Task> work)
    {
        try
        {
            await work();
            return 0;
        }
        catch (OperationCanceledException e)
        {
            Warn($"{(e is StoppedException ? e.Message : "Stopped.")}");
            return muted ? 0 : 130;
        }
        catch (Exception e) when (IsExpected(e))
        {
            // Which parameter of a method it was says nothing to a user.
            string message = e is ArgumentException { ParamName: { } name } ? e.Message.Replace($" (Parameter '{name}')", string.Empty, StringComparison.Ordinal) : e.Message;
            if (message.Length > 0)
            {
                await FailAsync(message);
            }

            return muted ? 0 : 1;
        }
    }

    /// <summary>Writes a line that is not the result itself.</summary>
    public static void Note(FormattableString text) => AnsiConsole.MarkupLine($"[gray]{Markup.Escape(FormattableString.Invariant(text))}[/]");

    /// <summary>Writes a line that the user should see.</summary>
    public static void Warn(FormattableString text) => AnsiConsole.MarkupLine($"[yellow]{Markup.Escape(FormattableString.Invariant(text))}[/]");

    /// <summary>Writes a line of the result.</summary>
    public static void Say(FormattableString text) => AnsiConsole.WriteLine(FormattableString.Invariant(text));

    // Anything else is a mistake in the program, whose stack trace is wanted.
    private static bool IsExpected(Exception e)
        => e is TclrException or ArgumentException or InvalidOperationException or JsonException or InvalidDataException or IOException or UnauthorizedAccessException
            or DllNotFoundException or ExternalException;

    private static bool IsVerb(ParseResult parsed, string argument)
    {
        for (var result = parsed.CommandResult; result is not null; result = result.Parent as System.CommandLine.Parsing.CommandResult)
        {
            if (string.Equals(result.Command.Name, argument, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static Task FailAsync(string message) => muted ? Task.CompletedTask : Console.Error.WriteLineAsync($"{program}: {message}");

    // What is computed and saved does not depend on what is shown: the run goes on, and the exit code tells.
    private static void OutputFailed(IOException failure)
    {
        string file = OperatingSystem.IsLinux() && File.ResolveLinkTarget("/proc/self/fd/1", returnFinalTarget: false) is { } target ? $" ('{target.FullName}')" : string.Empty;
        Console.Error.WriteLine($"{program}: standard output{file} cannot be written: {failure.Message}. The run goes on without it, saves what it makes, and ends with exit code 1.");
    }

    // Console's own writers send a terminal control characters before the first text.
    private static StreamWriter? Plain(int descriptor)
        => IsPlain && !OperatingSystem.IsWindows() ? new StreamWriter(new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write, bufferSize: 1)) : null;

    // Whether the program was started with SIGHUP ignored, as nohup does. Where the system does not tell, it was not.
    private static bool IsHangupIgnored()
    {
        const string Status = "/proc/self/status", Field = "SigIgn:";
        return File.Exists(Status)
            && File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) is { } line
            && ulong.TryParse(line[Field.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong ignored)
            && (ignored & 1) != 0;
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
