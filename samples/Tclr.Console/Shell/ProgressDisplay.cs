using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Tclr.Cli;

/// <summary>Shows how far work is: moving bars on a terminal; elsewhere a line every five seconds and at the end of each task.</summary>
internal sealed class ProgressDisplay
{
    private readonly ProgressContext? context;

    private ProgressDisplay(ProgressContext? context) => this.context = context;

    /// <summary>Runs work that reports to bars.</summary>
    public static Task<T> RunAsync<T>(Func<ProgressDisplay, Task<T>> work) => Terminal.IsPlain
        ? work(new ProgressDisplay(null))
        : AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context => work(new ProgressDisplay(context)));

    /// <summary>Adds a bar.</summary>
    public Bar Add(string name, double total, double done = 0)
    {
        var task = context?.AddTask(Markup.Escape(name), maxValue: total);
        task?.Value(done);
        return new Bar(name, total, done, task);
    }

    /// <summary>One task of the display.</summary>
    internal sealed class Bar(string name, double total, double start, ProgressTask? task) : IProgress<int>
    {
        private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(5);

        private readonly Lock gate = new();
        private readonly long begun = Stopwatch.GetTimestamp();
        private long last = Stopwatch.GetTimestamp();
        private double reached = double.NegativeInfinity;

        public void Report(int value) => Report(value, string.Empty);

        /// <summary>Says how much is done, and in a few words how it goes.</summary>
        public void Report(double done, string detail)
        {
            lock (gate)
            {
                // Reports of other threads may come late.
                if (done <= reached || done <= start)
                {
                    return;
                }

                reached = done;
                if (task is not null)
                {
                    task.Value(done).Description(Markup.Escape(detail.Length > 0 ? $"{name} {detail}" : name));
                }
                else if (done >= total || Stopwatch.GetElapsedTime(last) >= BetweenLines)
                {
                    last = Stopwatch.GetTimestamp();
                    var left = TimeSpan.FromSeconds(Math.Ceiling(Stopwatch.GetElapsedTime(begun).TotalSeconds * (total - done) / (done - start)));
                    AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {done:0.#}/{total}{(detail.Length > 0 ? " " + detail : string.Empty)}{(done < total ? $", {left:c} to go" : string.Empty)}"));
                }
            }
        }
    }
}
