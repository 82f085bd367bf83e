namespace Tclr.Core;

/// <summary>What an epoch gave.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Step">Number of steps done at its end.</param>
/// <param name="Loss">Mean loss over the steps of the epoch; NaN if all were left out.</param>
/// <param name="Terms">Mean unweighted terms by name.</param>
public sealed record EpochResult(int Epoch, long Step, double Loss, IReadOnlyDictionary<string, double> Terms);

/// <summary>What a run gave.</summary>
/// <param name="Epochs">The epochs of this run, the last one possibly cut short.</param>
/// <param name="Step">Number of steps done since the first start.</param>
/// <param name="Completed">False if the run was canceled before its end.</param>
/// <param name="Checkpoint">The newest checkpoint's folder, or <see langword="null"/> where none was asked for.</param>
public sealed record TrainingResult(IReadOnlyList<EpochResult> Epochs, long Step, bool Completed, string? Checkpoint)
{
    /// <summary>Steps that were left out because their loss or gradient was not finite.</summary>
    public IReadOnlyList<long> SkippedSteps { get; init; } = [];

    /// <summary>Samples of each epoch that were left out because they do not fill a step: the last, smaller batch is dropped. Which ones they are changes from epoch to epoch.</summary>
    public int LeftOutPerEpoch { get; init; }
}
