namespace Tclr.Evaluation;

/// <summary>A row of a <see cref="ReportTable"/>.</summary>
/// <param name="Name">What the row is about, for instance a method.</param>
/// <param name="Cells">A text for each column.</param>
public sealed record ReportRow(string Name, IReadOnlyList<string> Cells);
