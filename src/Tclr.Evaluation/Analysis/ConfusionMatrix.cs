namespace Tclr.Evaluation;

/// <summary>A confusion matrix of true and predicted classes.</summary>
/// <example><code>
/// var confusion = ConfusionMatrix.Of(labels, predictions, classes);
/// Console.WriteLine($"accuracy {confusion.Accuracy:P1}");
/// foreach (var (truth, predicted, count, share) in confusion.MostConfused())
/// {
///     Console.WriteLine($"{classes[truth]} predicted as {classes[predicted]}: {count} ({share:P1})");
/// }
/// </code></example>
public sealed class ConfusionMatrix
{
    private readonly int[,] counts;
    private readonly int[] totals;

    private ConfusionMatrix(int[,] counts, int[] totals, IReadOnlyList<string> classes)
    {
        this.counts = counts;
        this.totals = totals;
        Classes = classes;
        Total = totals.Sum();
    }

    /// <summary>Names of the classes.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>Number of videos.</summary>
    public int Total { get; }

    /// <summary>The fraction of correct predictions, 0 to 1; NaN without videos.</summary>
    public double Accuracy => (double)Enumerable.Range(0, Classes.Count).Sum(i => counts[i, i]) / Total;

    /// <summary>Number of videos of a class that were predicted as a class.</summary>
    /// <param name="trueClass">Index of the true class.</param>
    /// <param name="predictedClass">Index of the predicted class.</param>
    public int this[int trueClass, int predictedClass] => counts[trueClass, predictedClass];

    /// <summary>Computes the matrix.</summary>
    /// <param name="labels">The true classes, from 0.</param>
    /// <param name="predictions">The predicted classes.</param>
    /// <param name="classes">Names of the classes, one or more.</param>
    /// <returns>The matrix.</returns>
    /// <exception cref="ArgumentException">The numbers of predictions and labels differ, or one is out of range.</exception>
    public static ConfusionMatrix Of(IReadOnlyList<int> labels, IReadOnlyList<int> predictions, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classes);
        InputCheck.Labels(labels, labels.Count, nameof(ConfusionMatrix), nameof(labels), classes.Count);
        InputCheck.Labels(predictions, labels.Count, nameof(ConfusionMatrix), nameof(predictions), classes.Count);
        var table = new int[classes.Count, classes.Count];
        int[] videos = new int[classes.Count];
        foreach (var (label, prediction) in labels.Zip(predictions))
        {
            table[label, prediction]++;
            videos[label]++;
        }

        return new ConfusionMatrix(table, videos, classes);
    }

    /// <summary>Computes the recall of a class.</summary>
    /// <param name="trueClass">Index of the class.</param>
    /// <returns>0 to 1; NaN if the class has no videos.</returns>
    public double RecallOf(int trueClass) => ShareOf(trueClass, trueClass);

    /// <summary>Computes the fraction of a class's videos that were predicted as a class: an entry of the row-normalized matrix.</summary>
    /// <param name="trueClass">Index of the true class.</param>
    /// <param name="predictedClass">Index of the predicted class.</param>
    /// <returns>0 to 1; NaN if the true class has no videos.</returns>
    public double ShareOf(int trueClass, int predictedClass) => totals[trueClass] == 0 ? double.NaN : (double)counts[trueClass, predictedClass] / totals[trueClass];

    /// <summary>Finds the pairs of classes that are most often confused.</summary>
    /// <param name="most">Maximum number of pairs, 1 or more.</param>
    /// <returns>The indices of both classes, the count and its fraction of the true class, 0 to 1; in descending order of fraction, then count.</returns>
    public IReadOnlyList<(int TrueClass, int PredictedClass, int Count, double Share)> MostConfused(int most = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        int n = Classes.Count;
        return
        [
            .. Enumerable.Range(0, n * n)
                .Where(i => i / n != i % n && counts[i / n, i % n] > 0)
                .Select(i => (TrueClass: i / n, PredictedClass: i % n, Count: counts[i / n, i % n], Share: ShareOf(i / n, i % n)))
                .OrderByDescending(pair => pair.Share)
                .ThenByDescending(pair => pair.Count)
                .Take(most),
        ];
    }
}
