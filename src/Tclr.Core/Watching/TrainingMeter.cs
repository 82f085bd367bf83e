using System.Diagnostics.Metrics;

namespace Tclr.Core;

/// <summary>Numbers of a run for <c>dotnet-counters</c> and OpenTelemetry, under the meter <c>Tclr.Training</c>.</summary>
internal sealed class TrainingMeter : ITrainingWatcher
{
    public const string Name = "Tclr.Training";

    private readonly Meter meter = new(Name);
    private readonly Counter<long> steps;
    private readonly Counter<long> skipped;
    private readonly Counter<long> alarms;
    private readonly Histogram<double> waits;
    private readonly Gauge<double> loss;
    private readonly Gauge<double> learningRate;
    private readonly Gauge<double> clips;
    private readonly Gauge<double> share;
    private readonly Gauge<double> deviation;
    private readonly Gauge<double> similarity;

    public TrainingMeter()
    {
        steps = meter.CreateCounter<long>("tclr.training.steps", "{step}", "Optimisation steps done");
        skipped = meter.CreateCounter<long>("tclr.training.skipped_steps", "{step}", "Steps left out because a number was not finite");
        alarms = meter.CreateCounter<long>("tclr.training.alarms", "{step}", "Steps at which an alarm held");
        waits = meter.CreateHistogram<double>("tclr.training.data_wait", "s", "How long a step waited for its clips");
        loss = meter.CreateGauge<double>("tclr.training.loss", null, "The loss and its terms");
        learningRate = meter.CreateGauge<double>("tclr.training.learning_rate", null, "The learning rate");
        clips = meter.CreateGauge<double>("tclr.training.clips_per_second", "{clip}/s", "Clips through the encoder");
        share = meter.CreateGauge<double>("tclr.training.device_share", "1", "Share of the device's peak");
        deviation = meter.CreateGauge<double>("tclr.training.embedding_deviation", "1", "Standard deviation of the embeddings; 1 where they spread evenly");
        similarity = meter.CreateGauge<double>("tclr.training.temporal_similarity", "1", "Mean cosine of two timesteps of a clip");
    }

    public void Step(TrainingProgress progress)
    {
        steps.Add(1);
        waits.Record(progress.DataWait.TotalSeconds);
        learningRate.Record(progress.LearningRate);
        clips.Record(progress.ClipsPerSecond);
        if (progress.Skipped)
        {
            skipped.Add(1);
            return;
        }

        loss.Record(progress.Loss, new KeyValuePair<string, object?>("term", "total"));
        foreach (var (name, value) in progress.Terms)
        {
            loss.Record(value, new KeyValuePair<string, object?>("term", name));
        }

        deviation.Record(progress.EmbeddingDeviation);
        if (progress.TemporalSimilarity is { } cosine)
        {
            similarity.Record(cosine);
        }

        if (progress.DeviceShare is { } part)
        {
            share.Record(part);
        }

        if (progress.Alarms != TrainingAlarms.None)
        {
            alarms.Add(1, new KeyValuePair<string, object?>("alarm", progress.Alarms.ToString()));
        }
    }

    public void Epoch(EpochResult epoch)
    {
    }

    public void GoBackTo(long step)
    {
    }

    public void Flush()
    {
    }

    public void Dispose() => meter.Dispose();
}
