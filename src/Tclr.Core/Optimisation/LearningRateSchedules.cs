namespace Tclr.Core;

/// <summary>Ready-made schedules.</summary>
/// <example><code>
/// builder.UseSchedule(LearningRateSchedules.WarmupCosine(warmupSteps: 500));
/// builder.UseSchedule(LearningRateSchedules.MultiStep([120, 160]));       // DualVar
/// </code></example>
public static class LearningRateSchedules
{
    /// <summary>The same learning rate throughout.</summary>
    public static ILearningRateSchedule Constant { get; } = new ConstantSchedule();

    /// <summary>What the authors' code of TCLR does: five epochs of warm-up, then a tenth after nine epochs in a row without a better loss.</summary>
    public static ILearningRateSchedule TclrReference { get; } = new WarmupPlateauSchedule([0.01, 0.05, 0.1, 0.5, 1]);

    /// <summary>What the paper of TCLR says: ten epochs of linear warm-up, then a tenth on a plateau (its patience is that of the code).</summary>
    public static ILearningRateSchedule TclrPaper { get; } = new WarmupPlateauSchedule([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);

    /// <summary>A linear rise, then half a cosine down (Loshchilov and Hutter, 2017).</summary>
    /// <param name="warmupSteps">Steps of the rise, 0 or more; the first step has the factor <c>1 / warmupSteps</c>.</param>
    /// <param name="finalFactor">The factor at the end, in [0, 1].</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static ILearningRateSchedule WarmupCosine(int warmupSteps, double finalFactor = 0) => new WarmupCosineSchedule(warmupSteps, finalFactor);

    /// <summary>What CVRL does: half a cosine over the whole run, its start replaced by a linear rise from 0 (Qian et al., 2021).</summary>
    /// <param name="warmupSteps">Steps of the rise, 0 or more.</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public static ILearningRateSchedule Cvrl(int warmupSteps) => new CvrlSchedule(warmupSteps);

    /// <summary>A factor more at each milestone.</summary>
    /// <param name="epochs">The epochs at whose start the rate falls, from 0, rising.</param>
    /// <param name="decay">What the rate is multiplied by, in (0, 1].</param>
    /// <returns>The schedule.</returns>
    /// <exception cref="ArgumentException">The epochs do not rise.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    public static ILearningRateSchedule MultiStep(IReadOnlyList<int> epochs, double decay = 0.1) => new MultiStepSchedule(epochs, decay);
}
