namespace Tclr.Core;

/// <summary>When a run is said to go wrong. Alarms are logged and counted; training goes on.</summary>
public sealed record AlarmOptions
{
    /// <summary>The embeddings' standard deviation, in units of that of evenly spread unit vectors, below which they have collapsed.</summary>
    /// <value>In [0, 1]. The default value is 0.1.</value>
    public double MinimumDeviation { get; init; } = 0.1;

    /// <summary>The mean cosine of two timesteps of a clip above which features are the same over time.</summary>
    /// <value>In [-1, 1]. The default value is 0.995. Instance contrast alone drives it up, which is what TCLR is against (paper, appendix H).</value>
    public double MaximumTemporalSimilarity { get; init; } = 0.995;

    /// <summary>Steps in a row that a measure must be out of its bounds.</summary>
    /// <value>1 or more. The default value is 50.</value>
    public int Steps { get; init; } = 50;

    /// <summary>Epochs in a row without a lower mean loss after which the loss is said to stand still.</summary>
    /// <value>1 or more. The default value is 20.</value>
    public int PlateauEpochs { get; init; } = 20;

    internal IEnumerable<string> Problems()
    {
        if (MinimumDeviation is not (>= 0 and <= 1))
        {
            yield return FormattableString.Invariant($"AlarmOptions.MinimumDeviation: expected a number in [0, 1], got {MinimumDeviation}");
        }

        if (MaximumTemporalSimilarity is not (>= -1 and <= 1))
        {
            yield return FormattableString.Invariant($"AlarmOptions.MaximumTemporalSimilarity: expected a number in [-1, 1], got {MaximumTemporalSimilarity}");
        }

        if (Steps < 1 || PlateauEpochs < 1)
        {
            yield return FormattableString.Invariant($"AlarmOptions.Steps and PlateauEpochs: expected 1 or more, got {Steps} and {PlateauEpochs}");
        }
    }
}
