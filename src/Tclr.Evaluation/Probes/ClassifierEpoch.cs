namespace Tclr.Evaluation;

/// <summary>What an epoch of training a classifier gave.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Loss">Mean cross-entropy over its samples.</param>
/// <param name="TrainingAccuracy">Share of its samples whose class was the most probable, 0 to 1.</param>
/// <param name="LearningRate">Learning rate of its last step.</param>
public sealed record ClassifierEpoch(int Epoch, double Loss, double TrainingAccuracy, double LearningRate);
