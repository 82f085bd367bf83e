namespace Tclr.Data;

/// <summary>A part of a data set's official split.</summary>
public enum SplitPart
{
    /// <summary>What is trained on.</summary>
    Train,

    /// <summary>What is judged on.</summary>
    Test,
}
