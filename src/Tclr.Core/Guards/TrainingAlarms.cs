namespace Tclr.Core;

/// <summary>Signs that a run goes wrong.</summary>
[Flags]
public enum TrainingAlarms
{
    /// <summary>No sign.</summary>
    None = 0,

    /// <summary>All embeddings are nearly the same.</summary>
    Collapse = 1,

    /// <summary>The timesteps of a clip are nearly the same.</summary>
    TemporalCollapse = 2,

    /// <summary>The loss stands still.</summary>
    Plateau = 4,
}
