namespace Tclr.Core;

/// <summary>The clips over which batch normalization computes its statistics in a training step.</summary>
public enum BatchNormScope
{
    /// <summary>All views of all videos, in one forward pass. The fastest.</summary>
    AllViews,

    /// <summary>One view of all videos, and in the head one timestep of it, as in the TCLR authors' code.</summary>
    PerView,
}
