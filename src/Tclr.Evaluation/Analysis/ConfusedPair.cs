namespace Tclr.Evaluation;

/// <summary>A class that is taken for another.</summary>
/// <param name="TrueClass">Index of the class.</param>
/// <param name="PredictedClass">Index of the class that it is taken for.</param>
/// <param name="Count">How often.</param>
/// <param name="Share">The share of the true class, 0 to 1.</param>
public sealed record ConfusedPair(int TrueClass, int PredictedClass, int Count, double Share);
