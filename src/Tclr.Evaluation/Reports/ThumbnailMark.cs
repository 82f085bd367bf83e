namespace Tclr.Evaluation;

/// <summary>How a <see cref="Thumbnail"/> stands out.</summary>
public enum ThumbnailMark
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>As the one that the others are about, for instance a query.</summary>
    Reference,

    /// <summary>As a right answer.</summary>
    Right,

    /// <summary>As a wrong answer.</summary>
    Wrong,
}
