namespace Tclr.Core;

/// <summary>Detects losses and gradients that are not finite and applies the <see cref="NonFinitePolicy"/>.</summary>
internal sealed class StepCheck(TrainerConfiguration configuration, TrainingNetwork network, RunState run, CheckpointSaver? saver)
{
    private const int MaxFailures = 10;
    private const int MaxShown = 8;
    private int failures;
    private long furthest;

    /// <summary>Checks a step.</summary>
    /// <returns><see langword="null"/> if its numbers are finite; otherwise why the step must be skipped.</returns>
    /// <exception cref="TrainingException">The run must stop.</exception>
    public string? Check(StepReading reading)
    {
        if (reading.NonFinite is not { Count: > 0 } numbers)
        {
            failures = reading.Step > furthest ? 0 : failures;
            return null;
        }

        string reason = FormattableString.Invariant($"Step {reading.Step} is not finite: {string.Join(", ", numbers)}");

        // Of a step that was read later the gradients are gone.
        if (double.IsFinite(reading.Loss) && reading.Step > run.Step && network.NonFiniteGradients() is { Count: > 0 } names)
        {
            reason += $", in the gradients of {TensorNames.Some(names)}";
        }

        // All ranks come here together, as they have the same metrics.
        string samples = $"{string.Join(", ", reading.Samples.Take(MaxShown))}{(reading.Samples.Count > MaxShown ? FormattableString.Invariant($" and {reading.Samples.Count - MaxShown} more") : string.Empty)}";
        reason += $"; samples: {string.Join("; ", new Ranks(configuration.Collective).GatherText(samples))}.";
        if (configuration.NonFinite == NonFinitePolicy.Stop)
        {
            saver?.Settle();
            throw new TrainingException($"{reason} Lower the learning rate, clip the gradients or inspect these samples; the newest checkpoint is {configuration.Checkpoints?.Newest ?? "none"}.") { IsOfAllRanks = true };
        }

        failures++;
        furthest = Math.Max(furthest, reading.Step);
        return failures <= MaxFailures
            ? reason
            : throw new TrainingException($"{reason} The {MaxFailures} failing steps before it were skipped, {run.Skipped.Count} in the whole run, without progress. Lower the learning rate or clip the gradients.") { IsOfAllRanks = true };
    }
}
