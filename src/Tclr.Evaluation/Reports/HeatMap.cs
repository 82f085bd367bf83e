namespace Tclr.Evaluation;

/// <summary>A matrix as a field of colors: a confusion matrix, or the similarity of slices.</summary>
/// <remarks>
/// Small matrices have the numbers in their cells; more than 30 rows or columns are drawn without numbers and names. Where
/// a value is negative, the negative ones have a color of their own.
/// </remarks>
/// <param name="Title">Its heading.</param>
/// <param name="Values">The matrix; NaN leaves a cell empty.</param>
public sealed record HeatMap(string Title, double[,] Values) : ReportFigure(Title)
{
    /// <summary>Names of the rows.</summary>
    /// <value>One for each row, or none. The default value is none.</value>
    public IReadOnlyList<string> Rows { get; init; } = [];

    /// <summary>Names of the columns.</summary>
    /// <value>One for each column, or none. The default value is none.</value>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>What the columns are, for instance <c>predicted</c>.</summary>
    /// <value>The default value is empty.</value>
    public string XLabel { get; init; } = string.Empty;

    /// <summary>What the rows are, for instance <c>true class</c>.</summary>
    /// <value>The default value is empty.</value>
    public string YLabel { get; init; } = string.Empty;

    /// <summary>The value without color; smaller values have none either.</summary>
    /// <value>The default value is 0. It has no meaning where a value is negative: zero is without color then.</value>
    public double Low { get; init; }

    /// <summary>The value of full color; larger values have it too.</summary>
    /// <value>The default value is <see langword="null"/>: the largest value.</value>
    public double? High { get; init; }
}
