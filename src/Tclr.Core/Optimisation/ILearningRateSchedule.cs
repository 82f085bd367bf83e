using System.Text.Json.Serialization;

namespace Tclr.Core;

/// <summary>How the learning rate changes over a run. <see cref="LearningRateSchedules"/> has ready-made ones.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(ConstantSchedule), "constant")]
[JsonDerivedType(typeof(WarmupCosineSchedule), "warmup_cosine")]
[JsonDerivedType(typeof(CvrlSchedule), "cvrl")]
[JsonDerivedType(typeof(MultiStepSchedule), "multi_step")]
[JsonDerivedType(typeof(WarmupPlateauSchedule), "warmup_plateau")]
public interface ILearningRateSchedule
{
    /// <summary>The factor of the optimiser's learning rate at a step.</summary>
    /// <param name="position">Where the run stands.</param>
    /// <returns>A factor of 0 or more; a function of the position alone, so that a resumed run goes on alike.</returns>
    double Factor(SchedulePosition position);
}
