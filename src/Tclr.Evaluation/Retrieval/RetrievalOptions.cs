namespace Tclr.Evaluation;

/// <summary>How nearest neighbours are found and judged.</summary>
/// <example><code>
/// var result = Retrieval.Evaluate(test, testLabels, train, trainLabels, RetrievalOptions.DualVar);
/// </code></example>
public sealed record RetrievalOptions
{
    /// <summary>TCLR's protocol: R@1, R@5, R@10 and R@20, not centred (Dave et al., 2022).</summary>
    public static RetrievalOptions Tclr { get; } = new() { Neighbours = [1, 5, 10, 20] };

    /// <summary>DualVar's protocol: R@1, R@5, R@10, R@20 and R@50, both sets centred.</summary>
    public static RetrievalOptions DualVar { get; } = new() { Centred = true };

    /// <summary>The numbers of neighbours to judge by.</summary>
    /// <value>One number or more, each from 1 to the size of the gallery. The default value is 1, 5, 10, 20 and 50.</value>
    public IReadOnlyList<int> Neighbours { get; init; } = [1, 5, 10, 20, 50];

    /// <summary>Whether each set's mean is subtracted from its features, before they are scaled to unit length.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool Centred { get; init; }
}
