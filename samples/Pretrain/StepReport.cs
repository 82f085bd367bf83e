using Tclr.Core;

namespace Tclr.Samples.Pretrain;

/// <summary>Shows each step in the way that is set.</summary>
internal sealed class StepReport : IProgress<TrainingProgress>
{
    public Action<TrainingProgress>? Show { get; set; }

    public void Report(TrainingProgress value) => Show?.Invoke(value);
}
