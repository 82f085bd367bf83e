using System.Diagnostics.Metrics;

namespace Tclr.Core;

/// <summary>Publishes the metrics through the meter <c>Tclr.Training</c>, for <c>dotnet-counters</c> and OpenTelemetry.</summary>
internal sealed class MeterSink : IMetricsSink, IDisposable
{
    private readonly Meter meter = new("Tclr.Training");
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

    public MeterSink()
    {
        steps = meter.CreateCounter<long>("tclr.training.steps", "{step}", "Optimization steps");
        skipped = meter.CreateCounter<long>("tclr.training.skipped_steps", "{step}", "Steps skipped because a loss or gradient was not finite");
        alarms = meter.CreateCounter<long>("tclr.training.alarms", "{step}", "Steps with an active alarm");
        waits = meter.CreateHistogram<double>("tclr.training.data_wait", "s", "Time that a step waited for its clips");
        loss = meter.CreateGauge<double>("tclr.training.loss", null, "Loss and its terms");
        learningRate = meter.CreateGauge<double>("tclr.training.learning_rate", null, "Learning rate");
        clips = meter.CreateGauge<double>("tclr.training.clips_per_second", "{clip}/s", "Clips through the encoder");
        share = meter.CreateGauge<double>("tclr.training.device_share", "1", "Share of the device's peak throughput");
        deviation = meter.CreateGauge<double>("tclr.training.embedding_deviation", "1", "Standard deviation of the embeddings; 1 if they are spread evenly");
        similarity = meter.CreateGauge<double>("tclr.training.temporal_similarity", "1", "Mean cosine similarity between two timesteps of a clip");
    }

    public void WriteStep(TrainingProgress step)
    {
        steps.Add(1);
        waits.Record(step.DataWait.TotalSeconds);
        learningRate.Record(step.LearningRate);
        clips.Record(step.ClipsPerSecond);
        if (step.Skipped)
        {
            skipped.Add(1);
            return;
        }

        loss.Record(step.Loss, new KeyValuePair<string, object?>("term", "total"));
        foreach (var (name, value) in step.Terms)
        {
            loss.Record(value, new KeyValuePair<string, object?>("term", name));
        }

        deviation.Record(step.EmbeddingDeviation);
        if (step.TemporalSimilarity is { } cosine)
        {
            similarity.Record(cosine);
        }

        if (step.DeviceShare is { } part)
        {
            share.Record(part);
        }

        if (step.Alarms != TrainingAlarms.None)
        {
            alarms.Add(1, new KeyValuePair<string, object?>("alarm", step.Alarms.ToString()));
        }
    }

    public void Complete() => meter.Dispose();

    public void Dispose() => Complete();
}
