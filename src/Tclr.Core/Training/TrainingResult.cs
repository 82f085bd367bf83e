namespace Tclr.Core;

/// <summary>What a finished step tells.</summary>
/// <param name="Step">Number of steps done, from 1.</param>
/// <param name="TotalSteps">Number of steps of the run.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Terms">The unweighted terms of the loss by name.</param>
/// <param name="LearningRate">The learning rate of the step.</param>
/// <param name="ClipsPerSecond">Clips through the network per second, over the last steps.</param>
/// <param name="DataWait">How long the step waited for its batch.</param>
/// <param name="Remaining">Estimated time to the end.</param>
public sealed record TrainingProgress(
    long Step,
    long TotalSteps,
    int Epoch,
    double Loss,
    IReadOnlyDictionary<string, double> Terms,
    double LearningRate,
    double ClipsPerSecond,
    TimeSpan DataWait,
    TimeSpan Remaining);

/// <summary>What an epoch gave.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Step">Number of steps done at its end.</param>
/// <param name="Loss">Mean loss over the steps of this run in the epoch.</param>
/// <param name="Terms">Mean unweighted terms by name.</param>
public sealed record EpochResult(int Epoch, long Step, double Loss, IReadOnlyDictionary<string, double> Terms);

/// <summary>What a run gave.</summary>
/// <param name="Epochs">The epochs of this run, the last one possibly cut short.</param>
/// <param name="Step">Number of steps done since the first start.</param>
/// <param name="Completed">False if the run was cancelled before its end.</param>
/// <param name="Checkpoint">The newest checkpoint's folder, or <see langword="null"/> where none was asked for.</param>
public sealed record TrainingResult(IReadOnlyList<EpochResult> Epochs, long Step, bool Completed, string? Checkpoint);
