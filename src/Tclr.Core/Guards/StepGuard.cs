namespace Tclr.Core;

/// <summary>Finds numbers that are not finite and says what is to become of the step.</summary>
internal sealed class StepGuard(TrainerConfiguration configuration, TrainingNetwork network, RunState run, CheckpointSaver? saver)
{
    private const int MostFailures = 10;
    private const int Shown = 8;
    private int failures;
    private long furthest;

    /// <summary>Looks at a step.</summary>
    /// <returns><see langword="null"/> if all is well; else why the step is to be left out.</returns>
    /// <exception cref="TrainingException">The run is to stop.</exception>
    public string? Judge(StepReading reading)
    {
        if (reading.NonFinite is not { Count: > 0 } numbers)
        {
            return null;
        }

        string reason = FormattableString.Invariant($"Step {reading.Step} is not finite: {string.Join(", ", numbers)}");
        if (double.IsFinite(reading.Loss) && network.NonFiniteGradients() is { Count: > 0 } names)
        {
            reason += $", in the gradients of {TensorNames.Some(names)}";
        }

        reason += $"; samples: {string.Join(", ", reading.Samples.Take(Shown))}{(reading.Samples.Count > Shown ? FormattableString.Invariant($" and {reading.Samples.Count - Shown} more") : string.Empty)}.";
        if (configuration.NonFinite == NonFinitePolicy.Stop)
        {
            saver?.Settle();
            throw new TrainingException($"{reason} Lower the learning rate, clip the gradients or look at these samples; the newest checkpoint is {configuration.Checkpoints?.Newest ?? "none"}.");
        }

        failures++;
        furthest = Math.Max(furthest, reading.Step);
        return failures <= MostFailures
            ? reason
            : throw new TrainingException($"{reason} {MostFailures} steps before it failed too, {run.Skipped.Count} of the run in all: leaving out steps does not help. Lower the learning rate or clip the gradients.");
    }

    /// <summary>A step was well.</summary>
    public void Passed(long step)
    {
        if (step > furthest)
        {
            failures = 0;
        }
    }
}
