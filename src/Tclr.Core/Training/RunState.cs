namespace Tclr.Core;

/// <summary>Where a run stands: what changes from step to step beside the weights.</summary>
internal sealed class RunState(TrainerConfiguration configuration, RunSettings settings, IReadOnlyDictionary<string, string> description)
{
    private readonly List<double> epochLosses = [];
    private readonly SortedSet<long> skipped = [];

    public long Step { get; private set; }

    public EpochSums Sums { get; private set; } = EpochSums.None;

    public IReadOnlyList<double> EpochLosses => epochLosses;

    public IReadOnlyCollection<long> Skipped => skipped;

    public int Epoch => (int)(Step / configuration.StepsPerEpoch);

    public int StepInEpoch => (int)(Step % configuration.StepsPerEpoch);

    /// <summary>Whether the run has come to its end, by its length or by its schedule.</summary>
    public bool IsFinished => Step >= settings.TotalSteps || (StepInEpoch == 0 && configuration.Schedule.IsFinished(Position, configuration.Optimizer.LearningRate));

    public SchedulePosition Position => new(Step, settings.TotalSteps, configuration.StepsPerEpoch, epochLosses);

    public void Advance() => Step++;

    public void Count(double loss, IReadOnlyDictionary<string, double> terms) => Sums = Sums.With(loss, terms);

    /// <summary>Leaves a step out, now and whenever the run comes to it again.</summary>
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

    public CheckpointState Save(IReadOnlyDictionary<string, string> environment) => new()
    {
        Step = Step,
        Settings = settings,
        Configuration = description,
        EpochLosses = [.. epochLosses],
        Epoch = Sums,
        Loss = StepInEpoch == 0 && epochLosses.Count > 0 && double.IsFinite(epochLosses[^1]) ? epochLosses[^1] : null,
        SkippedSteps = [.. skipped],
        Recipe = configuration.Recipe,
        Environment = environment,
    };

    public void Restore(CheckpointState state)
    {
        Step = state.Step;
        Sums = state.Epoch;
        epochLosses.Clear();
        epochLosses.AddRange(state.EpochLosses);

        // A step that was left out before the run went back stays out.
        skipped.UnionWith(state.SkippedSteps);
    }
}
