namespace Tclr.Evaluation;

/// <summary>Predictions and accuracy of a classifier on the test videos.</summary>
public sealed class ClassificationResult
{
    private readonly int[] ranks;

    internal ClassificationResult(IReadOnlyList<int> labels, IReadOnlyList<int> predictions, int[] ranks, IReadOnlyList<double> accuracyByClips, IReadOnlyList<ClassifierEpoch> epochs)
    {
        Labels = labels;
        Predictions = predictions;
        this.ranks = ranks;
        AccuracyByClips = accuracyByClips;
        Epochs = epochs;
    }

    /// <summary>Top-1 accuracy, 0 to 1.</summary>
    public double Accuracy => AccuracyAt(1);

    /// <summary>
    /// Top-1 accuracy with 1 to <c>K</c> evenly spaced clips of each video, 0 to 1, as computed by <see cref="ClipCurves"/>. The last one is
    /// <see cref="Accuracy"/>, and the only one if features have no clips.
    /// </summary>
    public IReadOnlyList<double> AccuracyByClips { get; }

    /// <summary>The true class of each test video.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>The most probable class of each test video.</summary>
    public IReadOnlyList<int> Predictions { get; }

    /// <summary>The epochs of training; empty for a classifier without training.</summary>
    public IReadOnlyList<ClassifierEpoch> Epochs { get; }

    /// <summary>The tested epoch with the highest test accuracy, the first of equal ones; <see langword="null"/> for a classifier without training.</summary>
    /// <remarks>It is selected on the test set, so its accuracy is optimistic. TCLR's code reports it for the linear probe; <see cref="Accuracy"/> is the accuracy after the last epoch.</remarks>
    public ClassifierEpoch? Best => Epochs.Where(epoch => epoch.TestAccuracy is not null).MaxBy(epoch => epoch.TestAccuracy);

    /// <summary>Computes the top-k accuracy: the share of the test videos whose class is among the <paramref name="k"/> most probable.</summary>
    /// <param name="k">Number of classes, 1 or more.</param>
    /// <returns>The top-k accuracy, 0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is below 1.</exception>
    public double AccuracyAt(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return (double)ranks.Count(rank => rank < k) / ranks.Length;
    }
}

/// <summary>An epoch of training a classifier.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Loss">Mean cross-entropy over its samples.</param>
/// <param name="TrainingAccuracy">Top-1 accuracy on its samples, 0 to 1.</param>
/// <param name="LearningRate">Learning rate of its last step.</param>
public sealed record ClassifierEpoch(int Epoch, double Loss, double TrainingAccuracy, double LearningRate)
{
    /// <summary>Top-1 accuracy on the test videos after the epoch, 0 to 1; <see langword="null"/> if it was not tested.</summary>
    public double? TestAccuracy { get; init; }
}
