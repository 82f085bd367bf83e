namespace Tclr.Core;

/// <summary>What a finished step tells.</summary>
/// <param name="Step">Number of steps done, from 1.</param>
/// <param name="TotalSteps">Number of steps of the run.</param>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Loss">The loss; NaN if the step was left out.</param>
/// <param name="Terms">The unweighted terms of the loss by name.</param>
/// <param name="LearningRate">The learning rate of the step.</param>
/// <param name="ClipsPerSecond">Clips through the network per second, over the last steps.</param>
/// <param name="DataWait">How long the step waited for its clips.</param>
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
    /// <summary>Length of all gradients together, before clipping.</summary>
    public double GradientNorm { get; init; }

    /// <summary>Standard deviation of the whole clips' embeddings over the batch, in units of that of evenly spread unit vectors: about 1 is well, 0 is collapse.</summary>
    public double EmbeddingDeviation { get; init; }

    /// <summary>Mean cosine of two timesteps of a global clip (paper, appendix H); <see langword="null"/> where clips have no timesteps.</summary>
    public double? TemporalSimilarity { get; init; }

    /// <summary>Operations of the encoder per second as a share of the device's peak in float32, over the last steps; <see langword="null"/> where the encoder's layers cannot be counted.</summary>
    public double? DeviceShare { get; init; }

    /// <summary>Signs that the run goes wrong.</summary>
    public TrainingAlarms Alarms { get; init; }

    /// <summary>Whether the step was left out because its loss or gradient was not finite.</summary>
    public bool Skipped { get; init; }
}
