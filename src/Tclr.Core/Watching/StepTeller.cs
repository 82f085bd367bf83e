namespace Tclr.Core;

/// <summary>Tells everybody who watches a run what a step gave.</summary>
internal sealed class StepTeller : IDisposable
{
    private readonly TrainerConfiguration configuration;
    private readonly RunState run;
    private readonly AlarmWatch alarms;
    private readonly StepRate rate = new();
    private readonly List<ITrainingWatcher> watchers = [];
    private TrainingAlarms raised;
    private double operationsPerClip;
    private double peak;

    public StepTeller(TrainerConfiguration configuration, RunState run)
    {
        this.configuration = configuration;
        this.run = run;
        alarms = new AlarmWatch(configuration.Alarms);
        try
        {
            watchers.Add(new TrainingMeter());
            if (configuration.MetricsFile is { } file)
            {
                watchers.Add(new MetricsLog(file, run.Step));
            }

            if (configuration.TensorBoardFolder is { } folder)
            {
                watchers.Add(new TensorBoardWatcher(folder, run.Step));
            }

            if (configuration.Progress is { } progress)
            {
                watchers.Add(new ProgressWatcher(progress));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public bool KnowsCost { get; private set; }

    public void SetCost(EncoderCost cost)
    {
        KnowsCost = true;
        operationsPerClip = cost.Operations * (configuration.GradientCaching ? 4 : 3);
        peak = operationsPerClip > 0 ? DevicePeak.OperationsPerSecond(configuration.Device, configuration.Threads) : 0;
    }

    public void Begin(long started, int clips) => rate.Begin(started, clips);

    public void Done(StepReading reading)
    {
        double deviation = reading[BatchValues.EmbeddingDeviation];
        double? similarity = reading.Find(BatchValues.TemporalSimilarity);
        run.Count(reading.Loss, reading.Terms);
        var now = alarms.After(deviation, similarity, run.EpochLosses);
        if ((now & ~raised) != TrainingAlarms.None)
        {
            configuration.Logger.Alarm(reading.Step, now, deviation, similarity);
        }

        raised = now;
        Tell(Progress(reading.Step, reading.Loss, reading.Terms, reading.LearningRate, reading.DataWait) with
        {
            GradientNorm = reading[BatchValues.GradientNorm],
            EmbeddingDeviation = deviation,
            TemporalSimilarity = similarity,
            Alarms = now,
        });
    }

    public void Skipped(double learningRate, TimeSpan wait)
        => Tell(Progress(run.Step, double.NaN, EpochSums.None.Terms, learningRate, wait) with { Skipped = true });

    public EpochResult EndEpoch()
    {
        var epoch = run.EndEpoch();
        configuration.Logger.EpochDone(epoch.Epoch, epoch.Loss);
        watchers.ForEach(watcher => watcher.Epoch(epoch));
        return epoch;
    }

    public void GoBackTo(long step) => watchers.ForEach(watcher => watcher.GoBackTo(step));

    public void Flush() => watchers.ForEach(watcher => watcher.Flush());

    public void Dispose() => watchers.ForEach(watcher => watcher.Dispose());

    private void Tell(TrainingProgress progress) => watchers.ForEach(watcher => watcher.Step(progress));

    private TrainingProgress Progress(long step, double loss, IReadOnlyDictionary<string, double> terms, double learningRate, TimeSpan wait)
    {
        double clips = rate.ClipsPerSecond;
        return new TrainingProgress(
            step, configuration.TotalSteps, (int)((step - 1) / configuration.StepsPerEpoch), loss, terms, learningRate, clips, wait,
            TimeSpan.FromSeconds(rate.SecondsPerStep * (configuration.TotalSteps - step)))
        {
            DeviceShare = peak > 0 ? operationsPerClip * clips / peak : null,
        };
    }
}
