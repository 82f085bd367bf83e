namespace Tclr.Core;

/// <summary>The progress of a run: what changes from step to step beside the weights.</summary>
internal sealed class RunState(TrainerConfiguration configuration, TrainingPrecision precision, IReadOnlyDictionary<string, string> settings)
{
    private readonly List<double> epochLosses = [];
    private readonly SortedSet<long> skipped = [];

    public long Step { get; private set; }

    public EpochSums Sums { get; private set; } = EpochSums.None;

    public IReadOnlyList<double> EpochLosses => epochLosses;

    public IReadOnlyCollection<long> Skipped => skipped;

    public int Epoch => (int)(Step / configuration.StepsPerEpoch);

    public int StepInEpoch => (int)(Step % configuration.StepsPerEpoch);

    /// <summary>Whether the run is at its end, by its length or by its schedule.</summary>
    public bool IsFinished => Step >= configuration.TotalSteps || (StepInEpoch == 0 && configuration.Schedule.IsFinished(Position, configuration.Optimizer.LearningRate));

    public SchedulePosition Position => new(Step, configuration.TotalSteps, configuration.StepsPerEpoch, epochLosses);

    public void Advance() => Step++;

    public void Count(double loss, IReadOnlyDictionary<string, double> terms) => Sums = Sums.With(loss, terms);

    /// <summary>Marks a step as skipped, also when the run comes to it again.</summary>
    public void Skip(long step) => skipped.Add(step);

    /// <summary>Ends the epoch whose last step was just done.</summary>
    public EpochResult EndEpoch()
    {
        var result = Result(Epoch - 1);
        epochLosses.Add(result.Loss);
        Sums = EpochSums.None;
        return result;
    }

    /// <summary>The epoch so far.</summary>
    public EpochResult Result(int epoch)
        => new(epoch, Step, Sums.Steps == 0 ? double.NaN : Sums.Loss / Sums.Steps, Sums.Terms.ToDictionary(term => term.Key, term => term.Value / Sums.Steps, StringComparer.Ordinal));

    public CheckpointState Save() => new()
    {
        Step = Step,
        TotalSteps = configuration.TotalSteps,
        Precision = precision,
        Settings = settings,
        EpochLosses = [.. epochLosses],
        Epoch = Sums,
        Loss = StepInEpoch == 0 && epochLosses.Count > 0 && double.IsFinite(epochLosses[^1]) ? epochLosses[^1] : null,
        SkippedSteps = [.. skipped],
        Recipe = configuration.Recipe,
        Environment = RunDescription.EnvironmentOf(configuration),
    };

    public void Restore(CheckpointState state)
    {
        Step = state.Step;
        Sums = state.Epoch;
        epochLosses.Clear();
        epochLosses.AddRange(state.EpochLosses);

        // A step that was skipped before the run rolled back stays skipped.
        skipped.UnionWith(state.SkippedSteps);
    }
}
