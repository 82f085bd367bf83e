namespace Tclr.Reports;

/// <summary>A section of a <see cref="RunReport"/>: text, then tables, then figures.</summary>
/// <param name="Title">Heading; empty for none.</param>
public sealed record ReportSection(string Title = "")
{
    /// <summary>Plain text below the heading; an empty line starts a new paragraph.</summary>
    /// <value>The default value is empty.</value>
    public string Text { get; init; } = string.Empty;

    /// <summary>Tables.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<ReportTable> Tables { get; init; } = [];

    /// <summary>Figures.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<ReportFigure> Figures { get; init; } = [];
}
