namespace Tclr.Evaluation;

/// <summary>A table of a <see cref="RunReport"/>. Columns of numbers are aligned to the right, others to the left.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Columns">Headings of the columns after the first, which holds the rows' names.</param>
/// <param name="Rows">The rows, in order.</param>
public sealed record ReportTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<ReportRow> Rows)
{
    /// <summary>Heading of the first column, for instance <c>method</c>.</summary>
    /// <value>The default value is empty.</value>
    public string RowHeading { get; init; } = string.Empty;

    /// <summary>A sentence below it that says what one sees.</summary>
    /// <value>The default value is empty.</value>
    public string Caption { get; init; } = string.Empty;
}
