namespace Tclr.Core;

/// <summary>Whether a run may be resumed with another number of steps.</summary>
internal static class RunLength
{
    private const int Probed = 4096;

    /// <summary>Says why not: the steps that are done must be those that a run of the new length would have done.</summary>
    /// <returns>The reason, or <see langword="null"/>.</returns>
    public static string? Problem(TrainerConfiguration configuration, CheckpointState done)
    {
        long now = configuration.TotalSteps, before = done.Settings.TotalSteps;
        if (now == before)
        {
            return null;
        }

        if (now < done.Step)
        {
            return FormattableString.Invariant($"TotalSteps: now {now}, and the checkpoint has done {done.Step} already");
        }

        int perEpoch = configuration.StepsPerEpoch;
        long stride = Math.Max(1, done.Step / Probed);
        for (long step = 0; step < done.Step; step += stride)
        {
            double[] losses = [.. done.EpochLosses.Take((int)(step / perEpoch))];
            double rate = configuration.Schedule.Factor(new SchedulePosition(step, now, perEpoch, losses));
            double used = configuration.Schedule.Factor(new SchedulePosition(step, before, perEpoch, losses));
            if (rate != used)
            {
                return FormattableString.Invariant(
                    $"TotalSteps: now {now}, checkpoint {before}, and {configuration.Schedule.GetType().Name} depends on it (step {step + 1} was taken with the factor {used:0.####}, and takes {rate:0.####} in a run of {now}). Use a schedule that does not, or start a new run from the weights of this one (UseWeights)");
            }
        }

        return null;
    }
}
