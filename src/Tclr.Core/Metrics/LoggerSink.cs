using Microsoft.Extensions.Logging;

namespace Tclr.Core;

/// <summary>Logs each epoch, and an alarm when it is raised.</summary>
internal sealed class LoggerSink(ILogger logger) : IMetricsSink
{
    private TrainingAlarms raised;

    public void WriteStep(TrainingProgress step)
    {
        if ((step.Alarms & ~raised) != TrainingAlarms.None)
        {
            logger.Alarm(step.Step, step.Alarms, step.EmbeddingDeviation, step.TemporalSimilarity);
        }

        raised = step.Skipped ? raised : step.Alarms;
    }

    public void WriteEpoch(EpochResult epoch) => logger.EpochDone(epoch.Epoch, epoch.Loss);
}
