namespace Tclr.Models;

/// <summary>How a layer changes the length of a clip and the size of its frames.</summary>
/// <param name="Temporal">Stride over time.</param>
/// <param name="Spatial">Stride over height and width.</param>
/// <param name="Whole">Whether what does not fill a whole window is dropped; else it counts as one more.</param>
internal readonly record struct Reduction(int Temporal, int Spatial, bool Whole)
{
    public int TimestepsOf(int frames) => Whole ? frames / Temporal : (frames + Temporal - 1) / Temporal;

    /// <summary>The fewest frames that give so many timesteps.</summary>
    public int FramesFor(int timesteps) => Least(timesteps, Temporal);

    /// <summary>The smallest frame that gives so many pixels.</summary>
    public int PixelsFor(int pixels) => Least(pixels, Spatial);

    private int Least(int count, int stride) => Whole ? count * stride : ((count - 1) * stride) + 1;
}
