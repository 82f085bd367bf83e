namespace Tclr.Data;

/// <summary>The frames that the views of a sample show.</summary>
public sealed class ClipPlan
{
    private readonly int[] frames;

    /// <summary>Creates a plan.</summary>
    /// <param name="views">The frame indices of each view, from 0; one view or more, all of one length.</param>
    /// <exception cref="ArgumentException">There are no views, they differ in length, or an index is negative.</exception>
    public ClipPlan(IReadOnlyList<int[]> views)
    {
        ArgumentNullException.ThrowIfNull(views);
        if (views.Count == 0 || views[0].Length == 0 || views.Any(view => view.Length != views[0].Length))
        {
            throw new ArgumentException($"expected one view or more, all of one length, got lengths [{string.Join(", ", views.Select(view => view.Length))}]", nameof(views));
        }

        var needed = new SortedSet<int>(views.SelectMany(view => view));
        if (needed.Min < 0)
        {
            throw new ArgumentException($"expected frame indices from 0, got {needed.Min}", nameof(views));
        }

        Views = views;
        frames = [.. needed];
    }

    /// <summary>The frame indices of each view, in playing order; a frame can occur more than once.</summary>
    public IReadOnlyList<int[]> Views { get; }

    /// <summary>The frames to decode: the union of all views, ascending and distinct.</summary>
    public ReadOnlySpan<int> Frames => frames;

    /// <summary>Gets the positions of a view's frames in <see cref="Frames"/>.</summary>
    /// <param name="view">The view, from 0.</param>
    /// <returns>Positions from 0, in playing order.</returns>
    public int[] PositionsOf(int view) => Array.ConvertAll(Views[view], frame => Array.BinarySearch(frames, frame));
}
