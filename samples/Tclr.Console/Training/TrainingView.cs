using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using Tclr.Core;

namespace Tclr.Cli;

/// <summary>Shows training: a few lines on a terminal that are redrawn; elsewhere a line every five seconds.</summary>
internal sealed class TrainingView : IProgress<TrainingProgress>
{
    private const int BarWidth = 20;

    private static readonly TimeSpan BetweenDrawings = TimeSpan.FromMilliseconds(100);

    private readonly LiveDisplayContext context;
    private long drawn;
    private long last = Stopwatch.GetTimestamp();

    private TrainingView(LiveDisplayContext context) => this.context = context;

    /// <summary>Runs training, which reports its steps to what it is given.</summary>
    public static Task<T> RunAsync<T>(long start, long total, Func<IProgress<TrainingProgress>, Task<T>> train)
        => Terminal.IsPlain || !AnsiConsole.Profile.Capabilities.Ansi
            ? ProgressDisplay.RunAsync(display =>
            {
                var bar = display.Add("step", total, start);
                return train(new Callback<TrainingProgress>(step => bar.Report(step.Step, $"{Speed(step)} {Terms(step)}")));
            })
            : AnsiConsole.Live(new Text("Waiting for the first step")).StartAsync(context => train(new TrainingView(context)));

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        long now = Stopwatch.GetTimestamp();
        var took = Stopwatch.GetElapsedTime(last, now);
        last = now;
        if (value.Step == value.TotalSteps || Stopwatch.GetElapsedTime(drawn, now) >= BetweenDrawings)
        {
            drawn = now;
            context.UpdateTarget(Draw(value, took));
        }
    }

    private static Grid Draw(TrainingProgress step, TimeSpan took)
    {
        double share = (double)step.Step / step.TotalSteps;
        int filled = (int)(BarWidth * share);
        (char done, char open) = AnsiConsole.Profile.Capabilities.Unicode ? ('█', '░') : ('#', '-');
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        Row("step", $"{new string(done, filled)}{new string(open, BarWidth - filled)} {step.Step}/{step.TotalSteps}, {share:0 %}, {TimeSpan.FromSeconds(Math.Ceiling(step.Remaining.TotalSeconds)):c} to go");
        Row("loss", $"{step.Loss:0.00}: {Terms(step)}");
        Row("rate", $"epoch {step.Epoch}, learning rate {step.LearningRate:0.0e0}, gradient norm {step.GradientNorm:0.00}");
        Row("speed", $"{step.ClipsPerSecond:0} clips/s, waits {step.DataWait.TotalMilliseconds:0} of {took.TotalMilliseconds:0} ms for data{(step.DeviceShare is { } peak ? FormattableString.Invariant($", {peak:0 %} of peak") : string.Empty)}");
        if (step.Alarms != TrainingAlarms.None)
        {
            Row("alarms", $"{step.Alarms}");
        }

        return grid;

        void Row(string name, FormattableString value) => grid.AddRow(new IRenderable[] { new Text(name, new Style(Color.Grey)), new Text(FormattableString.Invariant(value)) });
    }

    private static string Speed(TrainingProgress step) => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {step.Epoch} loss {step.Loss:0.00} lr {step.LearningRate:0.0e0} {step.ClipsPerSecond:0} clips/s wait {step.DataWait.TotalMilliseconds:0} ms{(step.DeviceShare is { } share ? FormattableString.Invariant($" {share:0 %} of peak") : string.Empty)}{(step.Alarms == TrainingAlarms.None ? string.Empty : $" {step.Alarms}")}");

    private static string Terms(TrainingProgress step)
        => string.Join(", ", step.Terms.Select(term => FormattableString.Invariant($"{term.Key} {term.Value:0.00}")));
}
