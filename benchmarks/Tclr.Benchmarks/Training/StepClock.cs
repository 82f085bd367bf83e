using System.Diagnostics;
using Tclr.Core;

namespace Tclr.Benchmarks.Training;

/// <summary>Times the steps of a trainer, from one report to the next: on the clock and on the processors.</summary>
internal sealed class StepClock : IProgress<TrainingProgress>
{
    private long last;
    private TimeSpan lastProcessor;

    public List<double> Milliseconds { get; } = [];

    /// <summary>Processor time of the whole process.</summary>
    public List<double> ProcessorMilliseconds { get; } = [];

    public void Report(TrainingProgress value) => Tick();

    /// <summary>Begins anew: the time until the next step is no step.</summary>
    public void Restart() => last = 0;

    /// <summary>Ends a step.</summary>
    public void Tick()
    {
        long now = Stopwatch.GetTimestamp();
        var processor = Environment.CpuUsage.TotalTime;
        if (last != 0)
        {
            Milliseconds.Add(Stopwatch.GetElapsedTime(last, now).TotalMilliseconds);
            ProcessorMilliseconds.Add((processor - lastProcessor).TotalMilliseconds);
        }

        (last, lastProcessor) = (now, processor);
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
