namespace Tclr.Evaluation;

/// <summary>Which parts of the training labels <see cref="FewLabels"/> tries; the defaults are TCLR's.</summary>
public sealed record FewLabelsOptions
{
    /// <summary>Shares of each class's training videos.</summary>
    /// <value>One number or more, each above 0 and at most 1. The default value is 0.01, 0.1, 0.2 and 0.5.</value>
    public IReadOnlyList<double> Shares { get; init; } = [0.01, 0.1, 0.2, 0.5];

    /// <summary>Number of random subsets of each share.</summary>
    /// <value>1 or more. The default value is 3.</value>
    public int Subsets { get; init; } = 3;

    /// <summary>Seed of the subsets.</summary>
    /// <value>The default value is 0.</value>
    public ulong Seed { get; init; }
}
