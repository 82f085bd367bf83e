namespace Tclr.Data;

/// <summary>A part of a data set's official split.</summary>
public enum SplitPart
{
    /// <summary>The training videos.</summary>
    Train,

    /// <summary>The test videos.</summary>
    Test,
}
