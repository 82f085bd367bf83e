namespace Tclr.Core;

/// <summary>The numbers of a run for TensorBoard.</summary>
internal sealed class TensorBoardWatcher : ITrainingWatcher
{
    private readonly TensorBoardLog log;

    public TensorBoardWatcher(string folder, long stepsDone)
    {
        log = new TensorBoardLog(folder);
        try
        {
            GoBackTo(stepsDone);
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    public void Step(TrainingProgress progress)
    {
        var now = DateTimeOffset.UtcNow;
        if (!progress.Skipped)
        {
            Write("loss/total", progress.Loss);
            foreach (var (name, value) in progress.Terms)
            {
                Write("loss/" + name, value);
            }

            Write("embeddings/deviation", progress.EmbeddingDeviation);
            if (progress.TemporalSimilarity is { } similarity)
            {
                Write("embeddings/temporal_similarity", similarity);
            }

            Write("training/gradient_norm", progress.GradientNorm);
        }

        Write("training/learning_rate", progress.LearningRate);
        Write("speed/clips_per_second", progress.ClipsPerSecond);
        Write("speed/data_wait_seconds", progress.DataWait.TotalSeconds);
        if (progress.DeviceShare is { } share)
        {
            Write("speed/device_share", share);
        }

        void Write(string tag, double value) => log.Scalar(tag, value, progress.Step, now);
    }

    public void Epoch(EpochResult epoch)
    {
        log.Scalar("epoch/loss", epoch.Loss, epoch.Epoch, DateTimeOffset.UtcNow);
        log.Flush();
    }

    public void GoBackTo(long step) => log.Started(step + 1, DateTimeOffset.UtcNow);

    public void Flush() => log.Flush();

    public void Dispose() => log.Dispose();
}
