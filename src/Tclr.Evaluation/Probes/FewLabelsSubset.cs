namespace Tclr.Evaluation;

/// <summary>Some of the training videos, drawn class by class.</summary>
/// <param name="Share">The share of each class.</param>
/// <param name="Number">Which of the random subsets, from 0.</param>
/// <param name="Items">Places of the videos among all training videos, ascending.</param>
public sealed record FewLabelsSubset(double Share, int Number, IReadOnlyList<int> Items);
