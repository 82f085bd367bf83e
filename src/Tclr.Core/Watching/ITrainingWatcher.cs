namespace Tclr.Core;

/// <summary>Wants to know how a run goes, on the training thread.</summary>
internal interface ITrainingWatcher : IDisposable
{
    /// <summary>A step is done.</summary>
    void Step(TrainingProgress progress);

    /// <summary>An epoch is done.</summary>
    void Epoch(EpochResult epoch);

    /// <summary>The run went back to a step: what came after it does not count.</summary>
    void GoBackTo(long step);

    /// <summary>A checkpoint is about to be written: what was told so far must outlive the process.</summary>
    void Flush();
}
