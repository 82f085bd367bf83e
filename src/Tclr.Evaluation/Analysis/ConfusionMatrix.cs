namespace Tclr.Evaluation;

/// <summary>A confusion matrix of true and predicted classes.</summary>
/// <example><code>
/// var confusion = ConfusionMatrix.Of(labels, predictions, classes);
/// var section = new ReportSection("Confusion") { Tables = [confusion.ToTable("Most confused")], Figures = [confusion.ToHeatMap("All classes")] };
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

    /// <summary>Number of judged videos.</summary>
    public int Total { get; }

    /// <summary>The share of right answers, 0 to 1; NaN where nothing was judged.</summary>
    public double Accuracy => (double)Enumerable.Range(0, Classes.Count).Sum(i => counts[i, i]) / Total;

    /// <summary>How often a class was taken for another, or for itself.</summary>
    /// <param name="trueClass">Index of the class.</param>
    /// <param name="predictedClass">Index of the class that it was taken for.</param>
    public int this[int trueClass, int predictedClass] => counts[trueClass, predictedClass];

    /// <summary>Counts predictions.</summary>
    /// <param name="labels">The true classes, from 0.</param>
    /// <param name="predictions">What they were taken for, as many.</param>
    /// <param name="classes">Names of the classes, one or more.</param>
    /// <returns>The matrix.</returns>
    /// <exception cref="ArgumentException">There are not as many predictions as labels, or one is no class.</exception>
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

    /// <summary>The share of a class's videos that were recognized.</summary>
    /// <param name="trueClass">Index of the class.</param>
    /// <returns>0 to 1; NaN where the class has no video.</returns>
    public double RecallOf(int trueClass) => ShareOf(trueClass, trueClass);

    /// <summary>The pairs of classes that are most often confused.</summary>
    /// <param name="most">How many at most, 1 or more.</param>
    /// <returns>The indices of both classes, the count and its share of the true class, 0 to 1; the largest share first, then the largest count.</returns>
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

    /// <summary>Shows all classes, each row as shares of its true class.</summary>
    /// <param name="title">The figure's heading.</param>
    /// <returns>The figure, with a caption.</returns>
    public HeatMap ToHeatMap(string title)
    {
        int n = Classes.Count;
        var shares = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                shares[i, j] = ShareOf(i, j);
            }
        }

        return new HeatMap(title, shares)
        {
            Rows = Classes,
            Columns = Classes,
            XLabel = "predicted",
            YLabel = "true class",
            High = 1,
            Caption = FormattableString.Invariant($"A row is a class and what its videos are taken for, as shares; the diagonal is right. {100 * Accuracy:0.0}\u00A0% of {Total} videos are right."),
        };
    }

    /// <summary>Shows the pairs of classes that are most often confused.</summary>
    /// <param name="title">The table's heading.</param>
    /// <param name="most">How many at most, 1 or more.</param>
    /// <returns>The table.</returns>
    public ReportTable ToTable(string title, int most = 10) => new(
        title,
        ["taken for", "videos", "of the class"],
        [
            .. MostConfused(most).Select(pair => new ReportRow(
                Classes[pair.TrueClass],
                [Classes[pair.PredictedClass], ReportCell.Number(pair.Count, "0"), ReportCell.Percent(pair.Share)])),
        ])
    {
        RowHeading = "class",
    };

    private double ShareOf(int trueClass, int predictedClass) => totals[trueClass] == 0 ? double.NaN : (double)counts[trueClass, predictedClass] / totals[trueClass];
}
