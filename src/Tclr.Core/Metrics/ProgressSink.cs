namespace Tclr.Core;

/// <summary>Reports each step to an <see cref="IProgress{T}"/>.</summary>
internal sealed class ProgressSink(IProgress<TrainingProgress> progress) : IMetricsSink
{
    public void WriteStep(TrainingProgress step) => progress.Report(step);
}
