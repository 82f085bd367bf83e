namespace Tclr.Core;

/// <summary>The same learning rate throughout.</summary>
public sealed record ConstantSchedule : ILearningRateSchedule
{
    /// <inheritdoc/>
    public double Factor(SchedulePosition position) => 1;
}
