namespace Tclr.Evaluation;

/// <summary>The bars of one color in a <see cref="BarChart"/>.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Values">A value for each category; NaN leaves the bar out.</param>
public sealed record BarSeries(string Name, IReadOnlyList<MeanAndSpread> Values);
