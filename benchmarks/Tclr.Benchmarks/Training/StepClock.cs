using System.Diagnostics;
using Tclr.Core;

namespace Tclr.Benchmarks.Training;

/// <summary>Times the steps of a trainer: from one report to the next.</summary>
internal sealed class StepClock : IProgress<TrainingProgress>
{
    private long last;

    public List<double> Milliseconds { get; } = [];

    public void Report(TrainingProgress value)
    {
        long now = Stopwatch.GetTimestamp();
        if (last != 0)
        {
            Milliseconds.Add(Stopwatch.GetElapsedTime(last, now).TotalMilliseconds);
        }

        last = now;
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
