namespace Tclr.Evaluation;

/// <summary>A row of a <see cref="ReportTable"/>.</summary>
/// <param name="Name">What the row is about, for instance a method.</param>
/// <param name="Cells">A cell for each column; a text becomes one by itself.</param>
public sealed record ReportRow(string Name, IReadOnlyList<ReportCell> Cells);
