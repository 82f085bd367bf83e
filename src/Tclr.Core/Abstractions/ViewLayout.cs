namespace Tclr.Core;

/// <summary>How the views of a sample are arranged: which are global clips, which are local ones.</summary>
/// <remarks>
/// A sample holds the global clips of all versions first, then the local clips, version by version:
/// <c>g0, g1, l0,0 .. l0,T-1, l1,0 .. l1,T-1</c> for two versions (two augmentations of the same frames).
/// TCLR is <c>(2, 4)</c>, ten views; a recipe with two plain clips is <c>(2, 0)</c>.
/// </remarks>
public sealed record ViewLayout
{
    /// <summary>Creates a layout.</summary>
    /// <param name="versions">Number of global clips, 1 or more.</param>
    /// <param name="timesteps">Number of local clips per version, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below its range.</exception>
    public ViewLayout(int versions, int timesteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(versions, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(timesteps);
        Versions = versions;
        Timesteps = timesteps;
    }

    /// <summary>Number of global clips of a sample.</summary>
    public int Versions { get; }

    /// <summary>Number of local clips of each version.</summary>
    public int Timesteps { get; }

    /// <summary>Number of views of a sample.</summary>
    public int Count => Versions * (1 + Timesteps);
}
