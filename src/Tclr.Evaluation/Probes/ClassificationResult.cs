namespace Tclr.Evaluation;

/// <summary>How well a trained classifier did on the test videos.</summary>
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

    /// <summary>Share of the test videos whose class was the most probable, 0 to 1.</summary>
    public double Accuracy => AccuracyAt(1);

    /// <summary>
    /// Accuracy by 1, 2, ... clips of a video, 0 to 1: of its <c>K</c> clips as many that are evenly spread, as of
    /// <see cref="ClipCurves"/>. The last one is <see cref="Accuracy"/>; a single one where features have no clips.
    /// </summary>
    public IReadOnlyList<double> AccuracyByClips { get; }

    /// <summary>The true class of each test video.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>The most probable class of each test video.</summary>
    public IReadOnlyList<int> Predictions { get; }

    /// <summary>The epochs of training.</summary>
    public IReadOnlyList<ClassifierEpoch> Epochs { get; }

    /// <summary>Share of the test videos whose class was among the most probable.</summary>
    /// <param name="k">Number of classes to look at, 1 or more.</param>
    /// <returns>The top-k accuracy, 0 to 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="k"/> is below 1.</exception>
    public double AccuracyAt(int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        return (double)ranks.Count(rank => rank < k) / ranks.Length;
    }
}
