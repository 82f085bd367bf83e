namespace Tclr.Evaluation;

/// <summary>What a share of the labels gave.</summary>
/// <param name="Share">The share of each class's training videos.</param>
/// <param name="Videos">Number of training videos.</param>
/// <param name="Accuracies">Test accuracy with each random subset, 0 to 1.</param>
public sealed record FewLabelsRow(double Share, int Videos, IReadOnlyList<double> Accuracies)
{
    /// <summary>Mean accuracy.</summary>
    public double Mean => Accuracies.Average();

    /// <summary>Standard deviation of the accuracies (with <c>n - 1</c>); 0 of a single one.</summary>
    public double Deviation => Accuracies.Count < 2 ? 0 : Math.Sqrt(Accuracies.Sum(accuracy => Math.Pow(accuracy - Mean, 2)) / (Accuracies.Count - 1));
}
