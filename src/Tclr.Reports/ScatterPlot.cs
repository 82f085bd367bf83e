namespace Tclr.Reports;

/// <summary>A scatter plot of groups of points, for example a t-SNE map. Both axes have the same scale and show no numbers.</summary>
/// <remarks>Of more than 5,000 points, an evenly spaced subset is drawn. JSON and CSV hold all points.</remarks>
/// <param name="Title">Heading.</param>
/// <param name="Groups">Groups of points, for example one for each class.</param>
public sealed record ScatterPlot(string Title, IReadOnlyList<ReportSeries> Groups) : ReportFigure(Title)
{
    internal const string Kind = "scatter";

    /// <summary>Creates a scatter plot of labeled points.</summary>
    /// <param name="title">Heading.</param>
    /// <param name="points">Points.</param>
    /// <param name="labels">The class index of each point.</param>
    /// <param name="classes">Class names.</param>
    /// <returns>A plot with a group for each class that has points.</returns>
    /// <exception cref="ArgumentException">The numbers of labels and points differ, or a label is not a class index.</exception>
    public static ScatterPlot Of(
        string title, IReadOnlyList<(double X, double Y)> points, IReadOnlyList<int> labels, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classes);
        if (labels.Count != points.Count)
        {
            throw new ArgumentException(FormattableString.Invariant($"ScatterPlot: expected {points.Count} labels, got {labels.Count}"), nameof(labels));
        }

        if (labels.Any(label => label < 0 || label >= classes.Count))
        {
            int wrong = labels.First(label => label < 0 || label >= classes.Count);
            throw new ArgumentException(FormattableString.Invariant($"ScatterPlot: expected labels from 0 to {classes.Count - 1}, a class each, got {wrong}"), nameof(labels));
        }

        return new ScatterPlot(
            title,
            [.. labels.Zip(points).GroupBy(pair => pair.First).OrderBy(group => group.Key).Select(group => new ReportSeries(classes[group.Key], [.. group.Select(pair => pair.Second)]))]);
    }
}
