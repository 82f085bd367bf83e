namespace Tclr.Evaluation;

/// <summary>Points in a plane, in groups of one color and shape each: a map of features. The axes carry no numbers, only equal units.</summary>
/// <remarks>Of more than 5,000 points an evenly spread part is drawn; JSON and CSV have them all.</remarks>
/// <param name="Title">Its heading.</param>
/// <param name="Groups">The groups, in order, for instance one for each class.</param>
public sealed record ScatterPlot(string Title, IReadOnlyList<ReportSeries> Groups) : ReportFigure(Title)
{
    /// <summary>A scatter plot of labeled points.</summary>
    /// <param name="title">Its heading.</param>
    /// <param name="points">The points, for instance from <see cref="TSne"/>.</param>
    /// <param name="labels">A class for each point, from 0.</param>
    /// <param name="classes">Names of the classes.</param>
    /// <returns>The plot, with a group for each class that has points.</returns>
    /// <exception cref="ArgumentException">There are not as many labels as points, or a label is no class.</exception>
    public static ScatterPlot Of(
        string title, IReadOnlyList<(double X, double Y)> points, IReadOnlyList<int> labels, IReadOnlyList<string> classes)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(classes);
        InputCheck.Labels(labels, points.Count, nameof(ScatterPlot), nameof(labels), classes.Count);
        return new ScatterPlot(
            title,
            [.. labels.Zip(points).GroupBy(pair => pair.First).OrderBy(group => group.Key).Select(group => new ReportSeries(classes[group.Key], [.. group.Select(pair => pair.Second)]))]);
    }
}
