namespace Tclr.Core;

/// <summary>Learning-rate schedules for the trainer and the probes.</summary>
/// <example><code>
/// builder.UseSchedule(LearningRateSchedules.WarmupCosine(warmupSteps: 500));
/// builder.UseSchedule(LearningRateSchedules.MultiStep([120, 160]));       // DualVar
/// </code></example>
public static class LearningRateSchedules
{
    /// <summary>A constant learning rate.</summary>
    public static ILearningRateSchedule Constant { get; } = new ConstantSchedule();

    /// <summary>The schedule of the TCLR authors' code: five epochs of warm-up, then a factor of 0.1 after every nine consecutive epochs with a higher loss than the lowest.</summary>
    public static ILearningRateSchedule TclrReference { get; } = new WarmupPlateauSchedule([0.01, 0.05, 0.1, 0.5, 1]);

    /// <summary>The schedule of the TCLR paper: ten epochs of linear warm-up, then a factor of 0.1 on each plateau, with the patience of the authors' code.</summary>
    public static ILearningRateSchedule TclrPaper { get; } = Plateau(warmupEpochs: 10);

    /// <summary>Linear warm-up, then half a cosine (Loshchilov and Hutter, 2017).</summary>
    /// <param name="warmupSteps">Number of warm-up steps, 0 or more; the first step has the factor <c>1 / warmupSteps</c>.</param>
    /// <param name="finalFactor">The factor at the end, in [0, 1].</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static ILearningRateSchedule WarmupCosine(int warmupSteps, double finalFactor = 0) => new WarmupCosineSchedule(warmupSteps, finalFactor);

    /// <summary>The schedule of CVRL: half a cosine over the whole run, with a linear warm-up from 0 (Qian et al., 2021).</summary>
    /// <param name="warmupSteps">Number of warm-up steps, 0 or more.</param>
    /// <param name="warmupEpochs">Further warm-up in epochs, 0 or more.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static ILearningRateSchedule Cvrl(int warmupSteps = 0, double warmupEpochs = 0) => new CvrlSchedule(warmupSteps, warmupEpochs);

    /// <summary>Multiplies the learning rate by a factor at each milestone.</summary>
    /// <param name="epochs">Milestones: epochs from 0, in ascending order. The rate changes at the start of each.</param>
    /// <param name="decay">The factor, in (0, 1].</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentException">The epochs do not ascend.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static ILearningRateSchedule MultiStep(IReadOnlyList<int> epochs, double decay = 0.1) => new MultiStepSchedule(epochs, decay);

    /// <summary>Linear warm-up, then a factor on each plateau of the training loss.</summary>
    /// <remarks>
    /// As in the TCLR authors' code, epochs whose mean loss exceeds the lowest so far are counted, warm-up epochs included; an equal loss
    /// does not count. When the count reaches the patience, the rate falls from the next epoch on and the count restarts.
    /// </remarks>
    /// <param name="patience">Number of epochs with a higher loss, 1 or more.</param>
    /// <param name="decay">The factor, in (0, 1].</param>
    /// <param name="warmupEpochs">Number of warm-up epochs, 0 or more.</param>
    /// <param name="consecutive">Whether a lower loss resets the count. The linear evaluation of the TCLR authors' code counts in total instead.</param>
    /// <param name="stopBelow">Training ends when the learning rate would fall below this value, 0 or more; 0 for never.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static ILearningRateSchedule Plateau(int patience = 9, double decay = 0.1, int warmupEpochs = 0, bool consecutive = true, double stopBelow = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(warmupEpochs);
        return new WarmupPlateauSchedule([.. Enumerable.Range(1, warmupEpochs).Select(epoch => (double)epoch / warmupEpochs)], patience, decay, consecutive, stopBelow);
    }
}
