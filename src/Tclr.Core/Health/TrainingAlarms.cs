namespace Tclr.Core;

/// <summary>Signs that training is failing.</summary>
[Flags]
public enum TrainingAlarms
{
    /// <summary>No alarm.</summary>
    None = 0,

    /// <summary>Collapse: all embeddings are nearly the same.</summary>
    Collapse = 1,

    /// <summary>Temporal collapse: all timesteps of a clip are nearly the same.</summary>
    TemporalCollapse = 2,

    /// <summary>The loss has stopped falling.</summary>
    Plateau = 4,
}
