namespace Tclr.Losses;

/// <summary>Whose scaling of TCLR's terms is followed.</summary>
public enum TclrLossConvention
{
    /// <summary>
    /// What the code of the paper's authors computes: instance contrast of the global clips once and of the local clips
    /// <c>V (V T - 1)</c> times its mean over pairs, the local-local term summed over the videos, and the global-local
    /// term over all combinations of versions. Anchors in all versions.
    /// </summary>
    Reference,

    /// <summary>
    /// Equations 1 to 5: anchors in the first version only, every term a mean over the videos, and one pair of clips per
    /// video in the instance term. For exactly two versions.
    /// </summary>
    Paper,
}
