namespace Tclr.Core;

/// <summary>What to do when a loss or gradient is NaN or infinite.</summary>
public enum NonFinitePolicy
{
    /// <summary>Stop with an error that names the term, the step and the samples. On a CPU the weights are those of the previous step; on a GPU, where losses are read several steps later, training went on from it with a gradient of 0.</summary>
    Stop,

    /// <summary>Skip the step: weights and running statistics do not change. On a GPU each step is then synchronized.</summary>
    SkipStep,

    /// <summary>Return to the newest checkpoint, and skip the step when training reaches it again.</summary>
    RollBack,
}
