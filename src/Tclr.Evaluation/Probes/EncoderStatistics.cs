namespace Tclr.Evaluation;

/// <summary>What a frozen encoder's batch normalisation does while a linear probe is trained on it.</summary>
public enum EncoderStatistics
{
    /// <summary>It uses its running statistics, as in every later use of the encoder.</summary>
    Frozen,

    /// <summary>
    /// It uses the batch's statistics and its running ones drift, and are used so in the test: what the authors' code of TCLR
    /// does. The encoder gets its own statistics back at the end.
    /// </summary>
    Drifting,
}
