using System.Text.Json.Serialization;

namespace Tclr.Core;

/// <summary>A learning-rate schedule, for the trainer and the probes. <see cref="LearningRateSchedules"/> creates the built-in ones.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ConstantSchedule), "constant")]
[JsonDerivedType(typeof(WarmupCosineSchedule), "warmup_cosine")]
[JsonDerivedType(typeof(CvrlSchedule), "cvrl")]
[JsonDerivedType(typeof(MultiStepSchedule), "multi_step")]
[JsonDerivedType(typeof(WarmupPlateauSchedule), "warmup_plateau")]
public interface ILearningRateSchedule
{
    /// <summary>The factor of the optimizer's learning rate at a step.</summary>
    /// <param name="position">The step, and the losses so far.</param>
    /// <returns>The factor, 0 or more. It must depend only on the position, so that resumed runs are reproducible.</returns>
    double Factor(SchedulePosition position);

    /// <summary>Whether training ends early; asked at the start of each epoch.</summary>
    /// <param name="position">The step, and the losses so far.</param>
    /// <param name="learningRate">The optimizer's learning rate, without the factor.</param>
    /// <returns><see langword="false"/> by default.</returns>
    bool IsFinished(SchedulePosition position, double learningRate) => false;
}

/// <summary>A step of a run, for a learning-rate schedule.</summary>
/// <param name="Step">Number of optimization steps done.</param>
/// <param name="TotalSteps">Number of steps of the run.</param>
/// <param name="StepsPerEpoch">Number of steps of an epoch.</param>
/// <param name="EpochLosses">Mean loss of each completed epoch, in order.</param>
public readonly record struct SchedulePosition(long Step, long TotalSteps, int StepsPerEpoch, IReadOnlyList<double> EpochLosses)
{
    /// <summary>The epoch, from 0.</summary>
    public int Epoch => (int)(Step / StepsPerEpoch);
}
