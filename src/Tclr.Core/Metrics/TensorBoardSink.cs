namespace Tclr.Core;

/// <summary>Writes each step for TensorBoard.</summary>
internal sealed class TensorBoardSink(string folder) : IMetricsSink, IDisposable
{
    private EventFile? file;

    public string Output { get; } = Path.GetFullPath(folder);

    public void Begin(long step)
    {
        file ??= new EventFile(Output);
        file.WriteStart(step + 1, DateTimeOffset.UtcNow);
    }

    public void WriteStep(TrainingProgress step)
    {
        var now = DateTimeOffset.UtcNow;
        if (!step.Skipped)
        {
            Write("loss/total", step.Loss);
            foreach (var (name, value) in step.Terms)
            {
                Write("loss/" + name, value);
            }

            Write("embeddings/deviation", step.EmbeddingDeviation);
            Write("embeddings/temporal_similarity", step.TemporalSimilarity);
            Write("training/gradient_norm", step.GradientNorm);
        }

        Write("training/learning_rate", step.LearningRate);
        Write("speed/clips_per_second", step.ClipsPerSecond);
        Write("speed/data_wait_seconds", step.DataWait.TotalSeconds);
        Write("speed/device_share", step.DeviceShare);

        void Write(string tag, double? value)
        {
            if (value is { } number)
            {
                file!.WriteScalar(tag, number, step.Step, now);
            }
        }
    }

    public void WriteEpoch(EpochResult epoch)
    {
        // At the step, not at the number of the epoch: a restart discards scalars by their step.
        file!.WriteScalar("epoch/loss", epoch.Loss, epoch.Step, DateTimeOffset.UtcNow);
        file.Flush();
    }

    public void Flush() => file!.Flush();

    public void Complete()
    {
        file?.Dispose();
        file = null;
    }

    public void Dispose() => Complete();
}
