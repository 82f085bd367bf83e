namespace Tclr.Core;

/// <summary>The number of global and local clips of a sample, and their order.</summary>
/// <remarks>
/// The global clips come first, then the local clips of the first global view, those of the second, and so on:
/// <c>g0, g1, l0,0 .. l0,T-1, l1,0 .. l1,T-1</c> for two global views (two augmentations of the same frames).
/// TCLR is <c>(2, 4)</c>, ten views; a method with two clips is <c>(2, 0)</c>.
/// </remarks>
public sealed record ViewLayout
{
    /// <summary>Creates a layout.</summary>
    /// <param name="globalViews">Number of global clips, 1 or more.</param>
    /// <param name="localClips">Number of local clips of each global view, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below its range.</exception>
    public ViewLayout(int globalViews, int localClips)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(globalViews, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(localClips);
        GlobalViews = globalViews;
        LocalClips = localClips;
    }

    /// <summary>Number of global clips of a sample.</summary>
    public int GlobalViews { get; }

    /// <summary>Number of local clips of each global view.</summary>
    public int LocalClips { get; }

    /// <summary>Number of views of a sample.</summary>
    public int Count => GlobalViews * (1 + LocalClips);
}
