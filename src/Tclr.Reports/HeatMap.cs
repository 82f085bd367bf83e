namespace Tclr.Reports;

/// <summary>A heat map of a matrix, for example of a confusion matrix.</summary>
/// <remarks>
/// Cells show their values up to 12 rows and columns, and names up to 30. If there are negative values, the color scale is
/// diverging, with zero as its center.
/// </remarks>
/// <param name="Title">Heading.</param>
/// <param name="Values">The matrix; a cell that is NaN is empty.</param>
public sealed record HeatMap(string Title, double[,] Values) : ReportFigure(Title)
{
    internal const string Kind = "heat_map";

    /// <summary>Row names.</summary>
    /// <value>One for each row, or none. The default value is none.</value>
    public IReadOnlyList<string> Rows { get; init; } = [];

    /// <summary>Column names.</summary>
    /// <value>One for each column, or none. The default value is none.</value>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Label of the columns, for example <c>predicted</c>.</summary>
    /// <value>The default value is empty.</value>
    public string XLabel { get; init; } = string.Empty;

    /// <summary>Label of the rows, for example <c>true class</c>.</summary>
    /// <value>The default value is empty.</value>
    public string YLabel { get; init; } = string.Empty;

    /// <summary>Lower end of the color scale; ignored if there are negative values.</summary>
    /// <value>The default value is 0.</value>
    public double Low { get; init; }

    /// <summary>Upper end of the color scale.</summary>
    /// <value>The default value is <see langword="null"/>: the largest value.</value>
    public double? High { get; init; }
}
