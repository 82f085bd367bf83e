namespace Tclr.Core;

/// <summary>Thresholds of the alarms. Alarms are logged and counted; training continues.</summary>
public sealed record AlarmOptions
{
    /// <summary>Smallest standard deviation of the embeddings, relative to that of evenly spread unit vectors. Lower is a collapse.</summary>
    /// <value>In [0, 1]. The default value is 0.1.</value>
    public double MinimumDeviation { get; init; } = 0.1;

    /// <summary>Largest mean cosine similarity between two timesteps of a clip. Higher is a temporal collapse.</summary>
    /// <value>In [-1, 1]. The default value is 0.995. The instance loss alone raises it; TCLR's temporal losses lower it (paper, appendix H).</value>
    public double MaximumTemporalSimilarity { get; init; } = 0.995;

    /// <summary>Number of consecutive steps out of bounds that raise an alarm.</summary>
    /// <value>1 or more. The default value is 50.</value>
    public int Steps { get; init; } = 50;

    /// <summary>Number of consecutive epochs without a lower mean loss that raise <see cref="TrainingAlarms.Plateau"/>.</summary>
    /// <value>1 or more. The default value is 20.</value>
    public int PlateauEpochs { get; init; } = 20;

    internal void Check(OptionChecker check)
    {
        check.Between(MinimumDeviation, 0, 1);
        check.Between(MaximumTemporalSimilarity, -1, 1);
        check.AtLeast(Steps, 1, "AlarmOptions.Steps");
        check.AtLeast(PlateauEpochs, 1);
    }
}
