namespace Tclr.Evaluation;

/// <summary>Rows of small pictures: retrieval examples, or attention over the frames of a clip.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Rows">The rows, in order.</param>
public sealed record ThumbnailGrid(string Title, IReadOnlyList<ThumbnailRow> Rows) : ReportFigure(Title);
