namespace Tclr.Core;

/// <summary>The metrics of a training step.</summary>
/// <param name="Step">Number of steps done, from 1.</param>
/// <param name="TotalSteps">Number of steps of the run.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Loss">The loss; NaN if the step was skipped.</param>
/// <param name="Terms">The unweighted terms of the loss by name.</param>
/// <param name="LearningRate">The learning rate of the step.</param>
/// <param name="ClipsPerSecond">Clips through the network per second, over the last steps.</param>
/// <param name="DataWait">Time that the step waited for its clips.</param>
/// <param name="Remaining">Estimated time to the end.</param>
public sealed record TrainingProgress(
    long Step,
    long TotalSteps,
    int Epoch,
    double Loss,
    IReadOnlyDictionary<string, double> Terms,
    double LearningRate,
    double ClipsPerSecond,
    TimeSpan DataWait,
    TimeSpan Remaining)
{
    /// <summary>Global gradient norm, before clipping.</summary>
    public double GradientNorm { get; init; }

    /// <summary>Standard deviation of the global clips' embeddings over the batch, relative to that of evenly spread unit vectors: about 1 is healthy, 0 is collapse.</summary>
    public double EmbeddingDeviation { get; init; }

    /// <summary>Mean cosine similarity between two timesteps of a global clip (paper, appendix H); <see langword="null"/> without timesteps.</summary>
    public double? TemporalSimilarity { get; init; }

    /// <summary>Encoder operations per second over the last steps, as a fraction of the device's float32 peak; <see langword="null"/> if they cannot be counted.</summary>
    public double? DeviceShare { get; init; }

    /// <summary>Active alarms.</summary>
    public TrainingAlarms Alarms { get; init; }

    /// <summary>Whether the step was skipped because its loss or gradient was not finite.</summary>
    public bool Skipped { get; init; }
}
