namespace Tclr.Evaluation;

/// <summary>A table of a <see cref="RunReport"/>.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Columns">Headings of the columns after the first, which holds the rows' names.</param>
/// <param name="Rows">The rows, in order.</param>
public sealed record ReportTable(string Title, IReadOnlyList<string> Columns, IReadOnlyList<ReportRow> Rows);
