namespace Tclr.Losses;

/// <summary>The two clips of a video that TCLR's instance term pulls together in <see cref="TclrLossConvention.Paper"/>.</summary>
public enum TclrInstancePairs
{
    /// <summary>The two views of the global clip, which show the same frames, as in the authors' code.</summary>
    SameFrames,

    /// <summary>
    /// Local clips at two random timesteps, one of each view, as in section 3.1 of the paper. The term is the mean over all pairs of
    /// timesteps, which is the expectation over a random pair.
    /// </summary>
    RandomTimesteps,
}
