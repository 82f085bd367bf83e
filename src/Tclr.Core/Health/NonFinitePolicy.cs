namespace Tclr.Core;

/// <summary>What to do when a loss or gradient is NaN or infinite.</summary>
public enum NonFinitePolicy
{
    /// <summary>Stop with an error that names the term, the step and the samples. On a CPU the weights are those of the step before; on a GPU, where numbers are read later, use the newest checkpoint.</summary>
    Stop,

    /// <summary>Skip the step: weights and running statistics stay as they were. On a GPU each step then waits for its numbers.</summary>
    SkipStep,

    /// <summary>Return to the newest checkpoint and skip the step this time.</summary>
    RollBack,
}
