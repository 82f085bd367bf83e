namespace Tclr.Losses;

/// <summary>The scaling of the terms of TCLR.</summary>
public enum TclrLossConvention
{
    /// <summary>
    /// The scaling of the authors' code: the instance loss of the global clips once and that of the local clips
    /// <c>V (V T - 1)</c> times its mean over the pairs, the local-local term summed over the videos, and the global-local
    /// term summed over all combinations of views. Anchors in all views.
    /// </summary>
    Reference,

    /// <summary>
    /// Equations 1 to 5 of the paper: anchors in the first view only, each term a mean over the videos, and one pair of
    /// clips per video in the instance term. Requires exactly two views.
    /// </summary>
    Paper,
}
