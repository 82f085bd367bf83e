namespace Tclr.Core;

/// <summary>The metrics of an epoch.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Step">Number of steps done at its end.</param>
/// <param name="Loss">Mean loss over the steps of the epoch; NaN if all were skipped.</param>
/// <param name="Terms">Mean unweighted terms by name.</param>
public sealed record EpochResult(int Epoch, long Step, double Loss, IReadOnlyDictionary<string, double> Terms);

/// <summary>The result of a training run.</summary>
/// <param name="Epochs">The epochs of this call; the last one may be incomplete.</param>
/// <param name="Step">Number of steps done, those before a resume included.</param>
/// <param name="Completed">False if the run was canceled before its end.</param>
/// <param name="Checkpoint">Folder of the newest checkpoint; <see langword="null"/> without checkpoints.</param>
public sealed record TrainingResult(IReadOnlyList<EpochResult> Epochs, long Step, bool Completed, string? Checkpoint)
{
    /// <summary>Steps that were skipped because their loss or gradient was not finite.</summary>
    public IReadOnlyList<long> SkippedSteps { get; init; } = [];

    /// <summary>Number of samples of each epoch that do not fill a step and are dropped; other samples in each epoch.</summary>
    public int LeftOutPerEpoch { get; init; }
}
