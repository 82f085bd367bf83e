namespace Tclr.Core;

/// <summary>Names of the metrics of a training step, as in <c>metrics.jsonl</c>.</summary>
public static class MetricNames
{
    /// <summary>Number of steps done, from 1.</summary>
    public const string Step = "step";

    /// <summary>The epoch, from 0.</summary>
    public const string Epoch = "epoch";

    /// <summary>Whether the step was skipped because its loss or gradient was not finite. A skipped step has no loss, embedding and gradient metrics.</summary>
    public const string Skipped = "skipped";

    /// <summary>Total loss.</summary>
    public const string Loss = "loss";

    /// <summary>The unweighted loss terms by name, in an object of their own.</summary>
    public const string Terms = "terms";

    /// <summary>Standard deviation of the global clips' embeddings, relative to that of evenly spread unit vectors: about 1 is healthy, 0 is collapse.</summary>
    public const string EmbeddingDeviation = "embedding_deviation";

    /// <summary>Mean cosine similarity between two timesteps of a global clip.</summary>
    public const string TemporalSimilarity = "temporal_similarity";

    /// <summary>Global gradient norm, before clipping.</summary>
    public const string GradientNorm = "gradient_norm";

    /// <summary>Learning rate.</summary>
    public const string LearningRate = "learning_rate";

    /// <summary>Clips through the encoder per second, over the last steps.</summary>
    public const string ClipsPerSecond = "clips_per_second";

    /// <summary>Seconds that the step waited for its clips.</summary>
    public const string DataWaitSeconds = "data_wait_seconds";
}
