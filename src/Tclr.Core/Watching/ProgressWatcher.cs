namespace Tclr.Core;

/// <summary>Hands each step to who asked for it.</summary>
internal sealed class ProgressWatcher(IProgress<TrainingProgress> progress) : ITrainingWatcher
{
    public void Step(TrainingProgress step) => progress.Report(step);

    public void Epoch(EpochResult epoch)
    {
    }

    public void GoBackTo(long step)
    {
    }

    public void Flush()
    {
    }

    public void Dispose()
    {
    }
}
