namespace Tclr.Core;

/// <summary>What to do when a loss or a gradient is no number or infinite.</summary>
public enum NonFinitePolicy
{
    /// <summary>Stop with an error that names term, step and samples. The weights are those of the step before on a processor; on a GPU, where reading is put off, those of the newest checkpoint.</summary>
    Stop,

    /// <summary>Leave the step out and go on. On a GPU each step then waits for its numbers.</summary>
    Skip,

    /// <summary>Go back to the newest checkpoint and leave the step out this time.</summary>
    RollBack,
}
