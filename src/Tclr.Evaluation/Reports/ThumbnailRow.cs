namespace Tclr.Evaluation;

/// <summary>A row of a <see cref="ThumbnailGrid"/>.</summary>
/// <param name="Name">What the row is about; may be empty.</param>
/// <param name="Images">The pictures, from left to right.</param>
public sealed record ThumbnailRow(string Name, IReadOnlyList<Thumbnail> Images);
