using Tclr.Core;

namespace Tclr.Testing;

/// <summary>Calls back at once, on the training thread.</summary>
internal sealed class Callback(Action<TrainingProgress> action) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => action(value);
}
