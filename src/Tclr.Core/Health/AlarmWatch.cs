namespace Tclr.Core;

/// <summary>Raises alarms for metrics that stay out of bounds.</summary>
internal sealed class AlarmWatch(AlarmOptions options)
{
    private int collapsed;
    private int alike;

    /// <summary>Returns the active alarms after a step.</summary>
    public TrainingAlarms After(double deviation, double? similarity, IReadOnlyList<double> epochLosses)
    {
        collapsed = deviation < options.MinimumDeviation ? collapsed + 1 : 0;
        alike = similarity > options.MaximumTemporalSimilarity ? alike + 1 : 0;
        return (collapsed >= options.Steps ? TrainingAlarms.Collapse : TrainingAlarms.None)
            | (alike >= options.Steps ? TrainingAlarms.TemporalCollapse : TrainingAlarms.None)
            | (IsPlateau(epochLosses) ? TrainingAlarms.Plateau : TrainingAlarms.None);
    }

    private bool IsPlateau(IReadOnlyList<double> losses)
    {
        if (losses.Count <= options.PlateauEpochs)
        {
            return false;
        }

        int before = losses.Count - options.PlateauEpochs;
        return losses.Skip(before).Min() >= losses.Take(before).Min();
    }
}
