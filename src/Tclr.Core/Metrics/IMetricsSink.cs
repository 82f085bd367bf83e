namespace Tclr.Core;

/// <summary>Receives the metrics of a training run. Register one with <see cref="TclrTrainerBuilder.AddMetricsSink"/>.</summary>
/// <remarks>
/// All calls come from the training thread, one at a time, and training waits for them. A sink that throws in <see cref="Begin"/> before
/// the first step ends the run. If it throws later, the error is logged, the sink is not called again, and training continues.
/// </remarks>
/// <example><code>
/// public sealed class CsvSink(string file) : IMetricsSink
/// {
///     public void WriteStep(TrainingProgress step) => File.AppendAllText(file, FormattableString.Invariant($"{step.Step},{step.Loss}\n"));
/// }
/// </code></example>
public interface IMetricsSink
{
    /// <summary>File or folder that the sink writes. The trainer locks it against other runs.</summary>
    /// <value>The default value is <see langword="null"/>: nothing is locked.</value>
    string? Output => null;

    /// <summary>Called when training starts, and again when it returns to a checkpoint. Metrics received for steps after <paramref name="step"/> no longer count.</summary>
    /// <param name="step">Number of steps done; 0 for a new run.</param>
    void Begin(long step)
    {
    }

    /// <summary>Called after each step, skipped steps included.</summary>
    /// <param name="step">The metrics of the step. On a GPU they arrive several steps later, in order.</param>
    void WriteStep(TrainingProgress step);

    /// <summary>Called after each complete epoch.</summary>
    /// <param name="epoch">The means over the epoch.</param>
    void WriteEpoch(EpochResult epoch)
    {
    }

    /// <summary>Called before a checkpoint is saved. Write what was received to the disk, so that a resumed run has the metrics of all its steps.</summary>
    void Flush()
    {
    }

    /// <summary>Called when training ends, for whatever reason. Release files here; training may begin again.</summary>
    void Complete()
    {
    }
}
