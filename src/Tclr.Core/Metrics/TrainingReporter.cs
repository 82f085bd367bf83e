using System.Diagnostics;
using TorchSharp;

namespace Tclr.Core;

/// <summary>Publishes each step's metrics to the sinks.</summary>
internal sealed class TrainingReporter : IDisposable
{
    private const int RateWindow = 20;

    private readonly TrainerConfiguration configuration;
    private readonly RunState run;
    private readonly AlarmWatch alarms;
    private readonly List<IMetricsSink> sinks;
    private readonly Queue<(long Start, int Clips)> timed = new();
    private double operationsPerClip;
    private double peak;

    /// <summary>Begins all sinks.</summary>
    /// <exception cref="TrainingException">A sink cannot begin.</exception>
    public TrainingReporter(TrainerConfiguration configuration, RunState run)
    {
        this.configuration = configuration;
        this.run = run;
        alarms = new AlarmWatch(configuration.Alarms);
        sinks = configuration.IsFirstRank ? [new MeterSink(), new LoggerSink(configuration.Logger), .. configuration.Sinks] : [];
        foreach (var sink in sinks)
        {
            try
            {
                sink.Begin(run.Step);
            }
            catch (Exception e)
            {
                Dispose();
                throw new TrainingException($"The metrics sink {Describe(sink)} cannot begin: {e.Message} Choose another place, or leave it out.", e);
            }
        }
    }

    public bool KnowsCost { get; private set; }

    public void SetCost(EncoderCost cost)
    {
        KnowsCost = true;
        operationsPerClip = cost.Operations * (configuration.GradientCaching ? 4 : 3);
        peak = operationsPerClip > 0 && configuration.Device.type != DeviceType.META && configuration.IsFirstRank
            ? DevicePeak.OperationsPerSecond(configuration.Device, configuration.Threads) * configuration.Collective.Size
            : 0;
    }

    /// <summary>Records the start of a step, for the throughput.</summary>
    public void BeginStep(long started, int clips)
    {
        timed.Enqueue((started, clips));
        if (timed.Count > RateWindow)
        {
            timed.Dequeue();
        }
    }

    public void Report(StepReading reading)
    {
        double deviation = reading[MetricNames.EmbeddingDeviation];
        double? similarity = reading.Find(MetricNames.TemporalSimilarity);
        run.Count(reading.Loss, reading.Terms);
        Publish(Progress(reading.Step, reading.Loss, reading.Terms, reading.LearningRate, reading.DataWait) with
        {
            GradientNorm = reading[MetricNames.GradientNorm],
            EmbeddingDeviation = deviation,
            TemporalSimilarity = similarity,
            Alarms = alarms.After(deviation, similarity, run.EpochLosses),
        });
    }

    public void ReportSkipped(double learningRate, TimeSpan wait)
        => Publish(Progress(run.Step, double.NaN, EpochSums.None.Terms, learningRate, wait) with { Skipped = true });

    public EpochResult EndEpoch()
    {
        var epoch = run.EndEpoch();
        ForEach(sink => sink.WriteEpoch(epoch));
        return epoch;
    }

    public void ReturnTo(long step) => ForEach(sink => sink.Begin(step));

    public void Flush() => ForEach(sink => sink.Flush());

    public void Dispose() => ForEach(sink => sink.Complete());

    private static string Describe(IMetricsSink sink) => sink.Output is { } output ? $"{sink.GetType().Name} ('{output}')" : sink.GetType().Name;

    private void Publish(TrainingProgress progress) => ForEach(sink => sink.WriteStep(progress));

    // A failing sink is removed, so that it does not end the run.
    private void ForEach(Action<IMetricsSink> call)
    {
        foreach (var sink in sinks.ToArray())
        {
            try
            {
                call(sink);
            }
            catch (Exception e)
            {
                sinks.Remove(sink);
                configuration.Logger.SinkFailed(Describe(sink), e);
            }
        }
    }

    private TrainingProgress Progress(long step, double loss, IReadOnlyDictionary<string, double> terms, double learningRate, TimeSpan wait)
    {
        // The first step of a resumed run may be a skipped one, before any step was timed.
        double seconds = timed.TryPeek(out var first) ? Stopwatch.GetElapsedTime(first.Start).TotalSeconds : 0;
        double clips = seconds > 0 ? timed.Sum(entry => entry.Clips) / seconds : 0;
        return new TrainingProgress(
            step, configuration.TotalSteps, (int)((step - 1) / configuration.StepsPerEpoch), loss, terms, learningRate, clips, wait,
            TimeSpan.FromSeconds(seconds / Math.Max(1, timed.Count) * (configuration.TotalSteps - step)))
        {
            DeviceShare = peak > 0 ? operationsPerClip * clips / peak : null,
        };
    }
}
