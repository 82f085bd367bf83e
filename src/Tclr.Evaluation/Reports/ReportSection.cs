namespace Tclr.Evaluation;

/// <summary>A part of a <see cref="RunReport"/> under a heading of its own.</summary>
/// <param name="Title">Its heading.</param>
public sealed record ReportSection(string Title)
{
    /// <summary>Plain text below the heading; an empty line starts a new paragraph.</summary>
    /// <value>The default value is empty.</value>
    public string Text { get; init; } = string.Empty;

    /// <summary>Tables, in order.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<ReportTable> Tables { get; init; } = [];

    /// <summary>Figures, in order, after the tables.</summary>
    /// <value>The default value is empty.</value>
    public IReadOnlyList<ReportFigure> Figures { get; init; } = [];
}
